import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../../src/engine/graph/graphBuilder.ts';
import { elementCode } from '../../../../src/engine/graph/onnxSchema.ts';
import { floats } from '../../../../src/engine/runtime/hostTensor.ts';
import { createSession } from '../../../../src/engine/runtime/ort.ts';

describe('a graph', () => {
  it('runs as it was built, with taps where they were asked for', async () => {
    const graph = new GraphBuilder('test', new Set(['sum']));
    const x = graph.input('x', 'float32', ['n', 2]);
    const sum = graph.node('ReduceSum', [x, graph.shape([1])], { name: '/sum', attributes: { keepdims: 1 } });
    graph.tap('sum', sum, ['n', 1]);
    graph.tap('unasked', sum, ['n', 1]);
    const [first, second] = graph.nodes('Split', [x, graph.shape([1, 1])], {
      name: '/Split',
      outputs: 2,
      attributes: { axis: 1 },
    });
    const product = graph.node('Mul', [first!, second!], { name: '/Mul' });
    graph.output('y', graph.node('Add', [product, graph.scalar(0.5)], { name: '/Add' }), 'float32', ['n', 1]);
    expect([...graph.taps]).toEqual(['sum']);

    const session = await createSession(graph.serialise(), { threads: 1 });
    const outputs = await session.run({ x: { type: 'float32', data: Float32Array.of(1, 2, 3, 4), dims: [2, 2] } });
    await session.dispose();
    expect(Object.keys(outputs).sort()).toEqual(['sum', 'y']);
    expect([...outputs['y']!]).toEqual([2.5, 12.5]);
    expect([...outputs['sum']!]).toEqual([3, 7]);
  });

  it('runs one of two parts, with inputs and constants asked for in either', async () => {
    const graph = new GraphBuilder('test');
    const x = graph.input('x', 'float32', ['n']);
    const limit = graph.input('limit', 'float32', [1]);
    const whether = graph.node('GreaterOrEqual', [limit, graph.scalar(0)], { name: '/whether' });
    const [y, shape] = graph.choose(
      whether,
      ['float32', 'int64'],
      {
        then: () => {
          const more = graph.node('Add', [x, graph.input('z', 'float32', ['n'])], { name: '/then/Add' });
          return [graph.node('Mul', [more, graph.scalar(2)], { name: '/then/Mul' }), graph.shape([7])];
        },
        otherwise: () => [x, graph.shape([9])],
      },
      '/If',
    );
    graph.output('y', graph.node('Neg', [y!], { name: '/Neg' }), 'float32', ['n']);
    const number = graph.node('Cast', [shape!], { name: '/Cast', attributes: { to: elementCode.float32 } });
    graph.output('number', number, 'float32', [1]);
    const session = await createSession(graph.serialise(), { threads: 1 });
    const run = async (value: number): Promise<number[][]> => {
      const { y: numbers, number: which } = await session.run({
        x: floats(Float32Array.of(1, 2), [2]),
        z: floats(Float32Array.of(10, 20), [2]),
        limit: floats(Float32Array.of(value), [1]),
      });
      return [[...numbers!], [...which!]];
    };
    expect(await run(1)).toEqual([[-22, -44], [7]]);
    expect(await run(-1)).toEqual([[-1, -2], [9]]);
    await session.dispose();
  });

  it('gives out of a part the same edge twice', async () => {
    const graph = new GraphBuilder('test');
    const x = graph.input('x', 'float32', ['n']);
    const whether = graph.node('Greater', [graph.input('limit', 'float32', [1]), graph.scalar(0)], {
      name: '/whether',
    });
    const twice = (name: string): string[] => {
      const made = graph.node('Neg', [x], { name });
      return [made, made];
    };
    const results = graph.choose(
      whether,
      ['float32', 'float32'],
      { then: () => twice('/then/Neg'), otherwise: () => [x, x] },
      '/If',
    );
    graph.output('both', graph.node('Concat', results, { name: '/both', attributes: { axis: 0 } }), 'float32', ['m']);
    const session = await createSession(graph.serialise(), { threads: 1 });
    for (const [limit, both] of [
      [1, [-3, -3]],
      [-1, [3, 3]],
    ] as const) {
      const outputs = await session.run({
        x: floats(Float32Array.of(3), [1]),
        limit: floats(Float32Array.of(limit), [1]),
      });
      expect([...outputs['both']!]).toEqual(both);
    }
    await session.dispose();
  });

  it('shares constants and refuses two things of one name', () => {
    const graph = new GraphBuilder('test');
    expect(graph.shape([1, -1])).toBe(graph.shape([1, -1]));
    const x = graph.input('x', 'float32', [1]);
    graph.node('Neg', [x], { name: '/a' });
    expect(() => graph.node('Neg', [x], { name: '/a' })).toThrow(/\/a/);
    expect(() => graph.constant('c', 'float32', [2], Float32Array.of(1))).toThrow(/1 values for 2/);
    expect(graph.nodeCount).toBe(1);
  });

  it('names the device and what to do when the runtime refuses it', async () => {
    const graph = new GraphBuilder('test');
    graph.output('y', graph.node('NoSuchOperator', [graph.input('x', 'float32', [1])], { name: '/n' }), 'float32', [1]);
    await expect(createSession(graph.serialise(), { threads: 1 })).rejects.toMatchObject({
      code: 'device/unavailable',
    });
  });
});
