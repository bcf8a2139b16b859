import { afterEach, describe, expect, it } from 'vitest';
import { makePlan } from '../../../../src/engine/cache/index.ts';
import { createDecoder, type Decoder } from '../../../../src/engine/decode/decoder.ts';
import { type GgufFile, openGguf } from '../../../../src/engine/gguf/index.ts';
import { onnxModelType } from '../../../../src/engine/graph/onnxSchema.ts';
import { describeModel, type ModelDescription } from '../../../../src/engine/model/index.ts';
import { createSession } from '../../../../src/engine/runtime/ort.ts';
import type { Device } from '../../../../src/shared/contract/index.ts';
import type { CachePlan } from '../../../../src/shared/domain/index.ts';
import { mixedPlan, selecting } from '../../../fixtures/samplePlans.ts';
import { type TinyModelOptions, tinyGguf } from '../../../fixtures/tinyGguf.ts';

const open: { gguf: GgufFile; decoder: Decoder }[] = [];
afterEach(async () => {
  for (const { gguf, decoder } of open.splice(0)) {
    await decoder.dispose();
    gguf.close();
  }
});

interface GraphNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly { readonly g?: { readonly node: readonly GraphNode[] } }[];
}

/** Nodes of a graph and of the parts its choices are between. */
const allNodes = (nodes: readonly GraphNode[]): GraphNode[] =>
  nodes.flatMap((node) => [node, ...node.attribute.flatMap(({ g }) => (g ? allNodes(g.node) : []))]);

/** A decoder with the graphs of a device, which run on the processor, and the nodes they are made of. */
async function load(
  tiny: TinyModelOptions,
  planOf: (model: ModelDescription) => CachePlan,
  device: Device,
): Promise<{ decoder: Decoder; nodes: readonly GraphNode[]; operators: ReadonlySet<string> }> {
  const gguf = await openGguf(tinyGguf(tiny));
  const model = describeModel(gguf);
  const nodes: GraphNode[] = [];
  const decoder = await createDecoder({
    gguf,
    model,
    plan: planOf(model),
    precision: tiny.type ? 'packed' : 'float32',
    threads: 1,
    device,
    createSession: (bytes, options) => {
      const { graph } = onnxModelType.decode(bytes) as unknown as { graph: { node: GraphNode[] } };
      nodes.push(...allNodes(graph.node));
      return createSession(bytes, { ...options, device: 'cpu' });
    },
  });
  open.push({ gguf, decoder });
  return { decoder, nodes, operators: new Set(nodes.map(({ opType }) => opType)) };
}

const ids = Array.from({ length: 45 }, (_, index) => 1 + ((index * 37) % 90));

/** Reads and then writes; everything a step hands out. */
async function numbersOf(decoder: Decoder): Promise<Float32Array[]> {
  const sequence = decoder.startSequence();
  const read = await sequence.prefill(ids);
  const kept = [read.logits.slice(), read.attention.near, read.attention.distant];
  const step = await sequence.step(7);
  return [...kept, step.logits.slice(), step.attention.near, step.attention.distant];
}

const cases: [string, TinyModelOptions, (model: ModelDescription) => CachePlan][] = [
  ['dense', {}, (model) => makePlan('dense', model, { chunkTokens: 16 })],
  ['pod, shared logits', {}, (model) => mixedPlan(model, { farValues: 'float32' })],
  ['pod, shared keys', {}, (model) => mixedPlan(model, { share: 'keys', farValues: 'float32' })],
  ['qwen2, pod, shared logits', { architecture: 'qwen2' }, (model) => mixedPlan(model, { farValues: 'float32' })],
  [
    'pod, older near rows packed',
    {},
    (model) => mixedPlan(model, { farKeys: 'int8', windowTokens: 16, floatTokens: 8 }),
  ],
  ['pod+select, float32', {}, (model) => selecting(mixedPlan(model, { farValues: 'float32' }), 8)],
  ['pod+select, int8, shared keys', {}, (model) => selecting(mixedPlan(model, { farKeys: 'int8', share: 'keys' }), 8)],
  ['qwen2, Q4_0, with biases', { architecture: 'qwen2', type: 'Q4_0' }, (model) => makePlan('dense', model)],
  ['llama, Q4_1, with residues', { type: 'Q4_1' }, (model) => makePlan('dense', model)],
  ['llama, Q8_0', { type: 'Q8_0' }, (model) => makePlan('dense', model)],
  ['gemma3, sliding layers', { architecture: 'gemma3' }, (model) => makePlan('dense', model, { chunkTokens: 16 })],
];

const others = ['webgpu', 'cuda', 'directml'] as const;

describe.each(others)('the graphs of %s', (device) => {
  it.each(cases)("compute what the processor's graphs compute: %s", async (_, tiny, planOf) => {
    const cpu = await load(tiny, planOf, 'cpu');
    const gpu = await load(tiny, planOf, device);
    const expected = await numbersOf(cpu.decoder);
    const computed = await numbersOf(gpu.decoder);
    expect(gpu.decoder.device).toBe(device);
    for (const [index, found] of computed.entries()) {
      expect(found).toHaveLength(expected[index]!.length);
      const gap = Math.max(0, ...found.map((value, at) => Math.abs(value - expected[index]![at]!)));
      expect(gap).toBeLessThan(1e-4);
    }
  });

  it('leave out the operators that have no kernel there', async () => {
    const planOf = (model: ModelDescription): CachePlan => selecting(mixedPlan(model), 8);
    const { operators: cpu } = await load({}, planOf, 'cpu');
    const { operators: gpu } = await load({}, planOf, device);
    for (const missing of ['FusedMatMul', 'Sum', 'Shape', 'Cast']) {
      expect(cpu).toContain(missing);
      expect(gpu).not.toContain(missing);
    }
  });
});

it.each(['cuda', 'directml'] as const)(
  'the graphs of %s ask of its kernels only what both providers have',
  async (device) => {
    const { nodes, operators } = await load(
      { architecture: 'qwen2', type: 'Q4_0' },
      (model) => mixedPlan(model),
      device,
    );
    expect(operators).not.toContain('Einsum');
    const products = nodes.filter(({ opType }) => opType === 'MatMulNBits');
    expect(products.length).toBeGreaterThan(0);
    for (const { input } of products) expect(input.map((name) => name !== '')).toEqual([true, true, true, true]);
    const norms = nodes.filter(({ opType }) => opType === 'SkipSimplifiedLayerNormalization');
    expect(norms.length).toBeGreaterThan(0);
    for (const { output } of norms) expect(output.map((name) => name !== '')).toEqual([true, false, false, true]);
  },
);
