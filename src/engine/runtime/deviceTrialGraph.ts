import type { Device } from '#shared/contract/index.ts';
import { type Edge, GraphBuilder } from '../graph/graphBuilder.ts';
import { linear } from '../graph/linear.ts';
import { mlp } from '../graph/mlp.ts';
import { addAndNorm } from '../graph/norm.ts';
import { operatorsOf } from '../graph/operators/operatorsOf.ts';
import { unpackRows } from '../graph/operators/storedRows.ts';
import { rope, ropeInputs } from '../graph/rope.ts';
import { bytes, floats } from './hostTensor.ts';
import type { HostTensor } from './ort.ts';
import { RowHistoryKeeper } from './rowHistory.ts';
import { noise, trialWeights } from './trialWeights.ts';

const model = {
  heads: 16,
  headDim: 64,
  queryScale: 1 / 8,
  ropeDims: 64,
  ropeInterleaved: false,
  ffnSize: 2_048,
  activation: 'silu',
  fusedProjections: false,
} as const;
const { heads, headDim, ffnSize } = model;
const kvHeads = 4;
const WIDTH = heads * headDim;
const PLACES = 2_048;

/**
 * A layer half as large as one of the default model, with made-up weights of 4 and 8 bits, put together by the
 * functions that build the real graphs.
 *
 * ```
 * hidden ─ norm ─ queries ─ RoPE ─ QK(int8 keys) ─┬──────────── + ─ Softmax ─ PV(values) ─ + norm ─ MLP ─ + ─ output
 *                                                 └ mix of heads ┘
 * ```
 */
export function trialGraph(device: Device): GraphBuilder {
  const graph = new GraphBuilder('deviceTrial', new Set(), device);
  const operators = operatorsOf(graph);
  const weights = trialWeights({
    norm: { type: 'F32', shape: [WIDTH], scale: 1 / 4 },
    query: { type: 'Q4_0', shape: [WIDTH, WIDTH], scale: 2 ** -7 },
    bias: { type: 'F32', shape: [WIDTH], scale: 1 },
    wide: { type: 'Q4_0', shape: [WIDTH, ffnSize], scale: 2 ** -7 },
    narrow: { type: 'Q8_0', shape: [ffnSize, WIDTH], scale: 2 ** -13 },
  });
  const hidden = graph.input('hidden', 'float32', ['s', WIDTH]);
  const norm = (stream: Edge, branch: Edge, name: string) =>
    addAndNorm(graph, weights, stream, branch, { name, tensor: 'norm', eps: 1e-5 });
  const first = norm(hidden, hidden, '/attn/norm');
  const projected = linear(graph, weights, 'packed', first.normed, {
    name: '/attn/q',
    tensors: ['query'],
    biases: ['bias'],
  });
  const flat = graph.node('Reshape', [projected, graph.shape([1, -1, WIDTH])], { name: '/attn/rope/Reshape' });
  const turned = rope(graph, model, flat, ropeInputs(graph, model), { name: '/attn/rope', heads });
  const queries = graph.node('Reshape', [turned, graph.shape([kvHeads, -1, headDim])], { name: '/attn/queries' });
  const keys = graph.node('Reshape', [storedKeys(graph), graph.shape([-1, kvHeads, headDim])], { name: '/attn/keys' });
  const own = operators.queryKeyProduct(graph, model, queries, keys, '/attn/own');
  const mix = graph.constant(
    '/attn/mix',
    'float32',
    [heads, heads],
    noise(heads * heads, 11).map((value) => value / 2),
  );
  const mixed = operators.mixHeads(graph, model, kvHeads, mix, own, '/attn/mixed');
  const logits = operators.sum(graph, [own, mixed, graph.scalar(1)], '/attn/logits');
  const shares = graph.node('Softmax', [logits], { name: '/attn/Softmax', attributes: { axis: -1 } });
  const values = graph.input('values', 'float32', ['n', kvHeads, headDim]);
  const found = operators.weightedValues(graph, shares, values, '/attn/found');
  const branch = graph.node('Reshape', [found, graph.shape([-1, WIDTH])], { name: '/attn/rows' });
  const second = norm(first.stream, branch, '/mlp/norm');
  const tensors = { gate: 'wide', up: 'wide', down: 'narrow' };
  const expanded = mlp(graph, weights, model, 'packed', second.normed, { name: '/mlp', tensors });
  const output = graph.node('Add', [second.stream, expanded], { name: '/Add' });
  graph.output('output', output, 'float32', ['s', WIDTH]);
  return graph;
}

function storedKeys(graph: GraphBuilder): Edge {
  const codes = graph.input('keys', 'int8', [`n*${kvHeads}`, headDim]);
  const scales = graph.input('keys/scales', 'float32', [`n*${kvHeads}`]);
  return unpackRows(graph, { packing: 'int8', codes, scales, elements: headDim, kvHeads, scaleTokens: 1 }, '/stored');
}

/** What it is run with: one token behind the rows of `PLACES` others, the same each time. */
export function trialFeeds(): Record<string, HostTensor> {
  const { now: history } = new RowHistoryKeeper();
  const elements = PLACES * kvHeads * headDim;
  const angles = Float32Array.from({ length: headDim / 2 }, (_, index) => PLACES / 10_000 ** ((2 * index) / headDim));
  const codes = Int8Array.from(noise(elements, 12), (value) => 127 * value);
  const scales = noise(PLACES * kvHeads, 13).map((value) => (2 + value) / 254);
  // Means over so many values are small: these weigh about as much as what they are added to.
  const values = noise(elements, 14).map((value) => 8 * value);
  return {
    hidden: floats(noise(WIDTH, 15), [1, WIDTH]),
    cos: floats(angles.map(Math.cos), [1, headDim / 2]),
    sin: floats(angles.map(Math.sin), [1, headDim / 2]),
    keys: { ...bytes(codes, [PLACES * kvHeads, headDim]), history },
    'keys/scales': { ...floats(scales, [PLACES * kvHeads]), history },
    values: { ...floats(values, [PLACES, kvHeads, headDim]), history },
  };
}
