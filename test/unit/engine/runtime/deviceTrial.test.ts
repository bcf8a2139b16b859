import { describe, expect, it } from 'vitest';
import { onnxModelType } from '#engine/graph/onnxSchema.ts';
import { chooseDevice } from '#engine/runtime/chooseDevice.ts';
import { createSession, type SessionFactory } from '#engine/runtime/ort.ts';

interface Graph {
  readonly node: readonly { readonly opType: string; readonly attribute: readonly { name: string; i: number }[] }[];
  readonly initializer: readonly { readonly name: string; rawData: Uint8Array }[];
}

const constant = (graph: Graph, name: string) => graph.initializer.find((entry) => entry.name === name)!;
const zero = (name: string) => (graph: Graph) => {
  const found = constant(graph, name);
  found.rawData = new Uint8Array(found.rawData.length);
};

/** Faults of kernels, played by the processor with another graph. */
const faults: [string, (graph: Graph) => void][] = [
  ['counts from 0 at 4 bits', zero('/attn/q/zeroPoints')],
  ['counts from 0 at 8 bits', zero('/mlp/down/zeroPoints')],
  ['leaves out a bias', zero('/attn/q/bias')],
  ['mixes no heads', zero('/attn/mix')],
  [
    'turns other pairs',
    (graph) => {
      const turning = graph.node.find(({ opType }) => opType === 'RotaryEmbedding')!;
      turning.attribute.find(({ name }) => name === 'interleaved')!.i = 1;
    },
  ],
];

/** A machine whose DirectML is the processor with a fault. */
function withFault(fault: (graph: Graph) => void): SessionFactory {
  return (bytes, options) => {
    if (options.device !== 'directml') return createSession(bytes, options);
    const model = onnxModelType.decode(bytes);
    fault((model as unknown as { graph: Graph }).graph);
    return createSession(onnxModelType.encode(model).finish(), { ...options, device: 'cpu' });
  };
}

const choose = (fault: (graph: Graph) => void) =>
  chooseDevice('directml', {
    createSession: withFault(fault),
    providers: ['cpu', 'dml'].map((name) => ({ name, installed: true })),
  });

describe('the trial', () => {
  it('passes kernels that do what is asked', async () => {
    expect(await choose(() => undefined)).toMatchObject({ device: 'directml' });
  });

  it.each(faults)('finds out a device that %s', async (_, fault) => {
    const { device, reason } = await choose(fault);
    expect(device).toBe('cpu');
    expect(reason).toContain('DirectML computes wrongly');
  });
});
