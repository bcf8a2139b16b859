import type { Device } from '#shared/contract/index.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { keepsDistant, packedNearTokens } from '../cache/distantRange.ts';
import { globalLayers, slidingLayers } from '../cache/slidingLayers.ts';
import type { WeightSource } from '../gguf/index.ts';
import { layerTensorNames, type ModelDescription } from '../model/index.ts';
import { type AttendedWeights, attendedMeans } from './attendedMeans.ts';
import { type AttentionContext, attention } from './attention.ts';
import type { LayerRange } from './cutLayers.ts';
import { type Edge, GraphBuilder } from './graphBuilder.ts';
import type { Precision } from './linear.ts';
import { mlp } from './mlp.ts';
import { addAndNorm, norm } from './norm.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { ropeInputs } from './rope.ts';
import { slidingContext, slidingMeans } from './slidingAttention.ts';

export interface GraphSource {
  readonly weights: WeightSource;
  readonly model: ModelDescription;
  readonly plan: CachePlan;
  readonly precision: Precision;
  /** Where the graphs will run. @default 'cpu' */
  readonly device?: Device;
  /** Taps that become outputs, by name: `layers.N.q`, `.k`, `.v`, `.attended`, `.mlp`. */
  readonly taps: ReadonlySet<string> | 'all';
}

/** The outputs that a chunk wants of a range of layers, but for taps: without distant tokens there is none at them. */
export function layerOutputs(
  { shape, select: selects }: CachePlan,
  { start, end }: LayerRange,
  hasDistantTokens: boolean,
): string[] {
  const names = ['hiddenOut', 'keys', 'values'];
  if (slidingLayers(shape, start, end).length > 0) names.push('attendedSliding');
  if (globalLayers(shape, start, end).length === 0) return names;
  names.push('attendedNear');
  if (hasDistantTokens) names.push('attendedDistant', ...(selects ? ['attendedPages'] : []));
  return names;
}

/**
 * Builds the graph of a range of layers. Prefill and decode run the same one.
 *
 * Inputs: `hidden` `[s, hiddenSize]`, `cos` and `sin`, `mask`, `nearLengths`, `partLengths`, `nearColumns`, `nearBias`,
 * `lastRows`, `distantBias`, `floatLengths` and `packedBias` where the plan packs near rows, `pageCount` where it selects
 * pages, and the cache rows by `storeInput`; in models with sliding layers `slidingCos`, `slidingSin`, `slidingMask` and
 * `slidingLengths` too. Outputs: `hiddenOut`; `keys` and `values` `[layers * s, kvHeads, headDim]`, layer by layer;
 * `attendedNear` and, where the plan has distant tokens, `attendedDistant` of the layers that see the whole text, with
 * `attendedPages` where only some pages are read; `attendedSliding` of the others.
 */
export function layersGraph(source: GraphSource, range: LayerRange): GraphBuilder {
  const { weights, model, plan, precision, taps, device } = source;
  const graph = new GraphBuilder(`layers.${range.start}-${range.end - 1}`, taps, device);
  const groupSize = model.heads / model.kvHeads;
  let stream = graph.input('hidden', 'float32', ['s', model.hiddenSize]);
  const distantBias = graph.input('distantBias', 'float32', [1]);
  const hasDistantTokens = graph.node('GreaterOrEqual', [distantBias, graph.scalar(0)], { name: '/hasDistantTokens' });
  const pageCount = plan.select && keepsDistant(plan) ? graph.input('pageCount', 'int64', [1]) : null;
  const { chooses } = operatorsOf(graph);
  const packs = packedNearTokens(plan) > 0;
  const nearLengths = graph.input('nearLengths', 'int64', [packs ? 3 : 2]);
  const context: AttentionContext = {
    graph,
    weights,
    model,
    plan,
    precision,
    rope: ropeInputs(graph, model),
    sliding: slidingContext({ graph, model }),
    mask: graph.input('mask', 'float32', ['gs', 's']),
    nearLengths,
    floatLengths: packs ? graph.input('floatLengths', 'int64', [2]) : nearLengths,
    partLengths: graph.input('partLengths', 'int64', [packs ? 4 : 3]),
    nearBias: graph.input('nearBias', 'float32', [1]),
    packedBias: packs ? graph.input('packedBias', 'float32', [1]) : null,
    lastRows: graph.input('lastRows', 'int64', [groupSize]),
    distantBias,
    hasDistantTokens,
    isOneToken: chooses && keepsDistant(plan) ? isOneToken(graph, stream) : null,
    pageCount,
    allPages: pageCount && chooses ? numbersUpTo(graph, pageCount) : null,
    leaders: { logits: new Map(), keys: new Map(), pages: new Map() },
  };

  const keys: Edge[] = [];
  const values: Edge[] = [];
  const attended: AttendedWeights[] = [];
  const attendedSliding: Edge[] = [];
  let branch: Edge | null = null;
  for (let layer = range.start; layer < range.end; layer++) {
    const tensors = layerTensorNames(layer);
    const at = `/layers.${layer}`;
    const first = { name: `${at}/attn/norm`, tensor: tensors.attentionNorm, eps: model.normEps };
    let normed: Edge;
    if (branch === null) normed = norm(graph, weights, stream, first);
    else ({ normed, stream } = addAndNorm(graph, weights, stream, branch, first));
    const result = attention(context, layer, normed, tensors);
    keys.push(result.keys);
    values.push(result.values);
    if (result.attended) attended.push(result.attended);
    if (result.attendedSliding) attendedSliding.push(result.attendedSliding);
    const joining = (edge: Edge, name: string, tensor: string): Edge =>
      model.branchNorms ? norm(graph, weights, edge, { name, tensor, eps: model.normEps }) : edge;
    const attentionBranch = joining(result.output, `${at}/attn/branchNorm`, tensors.attentionBranchNorm);
    const second = { name: `${at}/mlp/norm`, tensor: tensors.ffnNorm, eps: model.normEps };
    ({ normed, stream } = addAndNorm(graph, weights, stream, attentionBranch, second));
    const expanded = mlp(graph, weights, model, precision, normed, { name: `${at}/mlp`, tensors });
    branch = joining(expanded, `${at}/mlp/branchNorm`, tensors.ffnBranchNorm);
    graph.tap(`layers.${layer}.mlp`, branch, ['s', model.hiddenSize]);
  }
  const output = graph.node('Add', [stream, branch!], { name: '/hidden/Add' });

  const { kvHeads, headDim } = model;
  const join = (edges: readonly Edge[], name: string): Edge =>
    graph.node('Concat', edges, { name: `/${name}/Concat`, attributes: { axis: 0 } });
  graph.output('hiddenOut', output, 'float32', ['s', model.hiddenSize]);
  graph.output('keys', join(keys, 'keys'), 'float32', ['layers*s', kvHeads, headDim]);
  graph.output('values', join(values, 'values'), 'float32', ['layers*s', kvHeads, headDim]);
  if (attended.length > 0) {
    const nearColumns = graph.input('nearColumns', 'int64', [1]);
    const means = attendedMeans(graph, model, plan, attended, nearColumns);
    graph.output('attendedNear', means.near, 'float32', [attended.length, packs ? 'p+m+s' : 'm+s']);
    if (means.distant) graph.output('attendedDistant', means.distant, 'float32', [means.distantRows, 'n']);
    if (means.pages) graph.output('attendedPages', means.pages, 'float32', ['k']);
  }
  if (attendedSliding.length > 0) {
    const means = slidingMeans(graph, model.kvHeads, attendedSliding);
    graph.output('attendedSliding', means, 'float32', [attendedSliding.length, 'w+s']);
  }
  return graph;
}

/** `[1]` bool: whether a chunk is one token. */
function isOneToken(graph: GraphBuilder, hidden: Edge): Edge {
  const tokens = graph.node('Shape', [hidden], { name: '/tokens/Shape', attributes: { start: 0, end: 1 } });
  return graph.node('Equal', [tokens, graph.shape([1])], { name: '/isOneToken' });
}

/** `[count]` int64: 0, 1, 2 and so on. */
function numbersUpTo(graph: GraphBuilder, count: Edge): Edge {
  const scalar = (value: bigint): Edge =>
    graph.sharedConstant(`/integers/${value}`, 'int64', [], () => BigInt64Array.of(value));
  const limit = graph.node('Squeeze', [count], { name: '/allPages/Squeeze' });
  return graph.node('Range', [scalar(0n), limit, scalar(1n)], { name: '/allPages/Range' });
}
