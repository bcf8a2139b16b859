import type { ModelDescription } from '../model/index.ts';
import type { DistantGroup } from './distantLogits.ts';
import { headRange } from './distantLogits.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import type { NearAttention } from './nearAttention.ts';
import { operatorsOf } from './operators/operatorsOf.ts';

/** Attention over one part of the keys, normalised within the part. */
export interface PartialAttention {
  /** `[kvHeads, g * s, keys]` */
  readonly weights: Edge;
  /** `[kvHeads, g * s, headDim]` */
  readonly output: Edge;
  /** `[kvHeads, g * s, 1]` */
  readonly largestLogit: Edge;
  readonly largestWeight: Edge;
}

/** Softmax and values over one part of the keys, with what the merge needs to know of its sum. */
export function partialAttention(graph: GraphBuilder, logits: Edge, values: Edge, at: string): PartialAttention {
  const weights = graph.node('Softmax', [logits], { name: `${at}/Softmax`, attributes: { axis: -1 } });
  return {
    weights,
    output: operatorsOf(graph).weightedValues(graph, weights, values, at),
    ...largest(graph, logits, weights, at),
  };
}

function largest(
  graph: GraphBuilder,
  logits: Edge,
  weights: Edge,
  at: string,
): { largestLogit: Edge; largestWeight: Edge } {
  const max = (edge: Edge, name: string): Edge =>
    graph.node('ReduceMax', [edge, graph.shape([-1])], { name: `${at}/${name}`, attributes: { keepdims: 1 } });
  return { largestLogit: max(logits, 'largestLogit'), largestWeight: max(weights, 'largestWeight') };
}

/**
 * The share of the one softmax over near and distant that is the distant's, for each query.
 *
 * ```
 * lse = largest logit - log(largest weight)        for each part, from its own softmax
 * share = sigmoid(lse distant - lse near + bias)
 * ```
 * This is the gate of arXiv 2412.02252 (section 3.2), an exact merge of two partial attentions. A joint
 * `Softmax` would have to copy both logits together and its weights apart again.
 * @returns `[kvHeads, g * s, 1]`
 */
export function distantShare(
  graph: GraphBuilder,
  model: ModelDescription,
  nearPart: NearAttention,
  distant: PartialAttention,
  groups: readonly DistantGroup[],
  options: { readonly at: string; readonly distantBias: Edge },
): Edge {
  const { at, distantBias } = options;
  const near = largest(graph, nearPart.logits, nearPart.weights, `${at}/near`);
  const logitGap = graph.node('Sub', [distant.largestLogit, near.largestLogit], { name: `${at}/logitGap` });
  const ratio = graph.node('Div', [near.largestWeight, distant.largestWeight], { name: `${at}/ratio` });
  const logRatio = graph.node('Log', [ratio], { name: `${at}/Log` });
  const gap = operatorsOf(graph).sum(graph, [logitGap, logRatio, distantBias], `${at}/gap`);
  return graph.node('Sigmoid', [withHeadBias(graph, model, gap, groups, at)], { name: `${at}/Sigmoid` });
}

/** Adds the biases of mixed heads, where there are any. */
function withHeadBias(
  graph: GraphBuilder,
  model: ModelDescription,
  gap: Edge,
  groups: readonly DistantGroup[],
  at: string,
): Edge {
  if (groups.every(({ bias }) => bias === null)) return gap;
  const { heads, kvHeads } = model;
  const groupSize = heads / kvHeads;
  const none = (count: number): Edge => {
    const name = `/noBias/${count}`;
    return graph.sharedConstant(name, 'float32', [count, groupSize, 1], () => new Float32Array(count * groupSize));
  };
  const parts = groups.map(({ bias, count }) => bias ?? none(count));
  const bias =
    parts.length === 1
      ? parts[0]!
      : graph.node('Concat', parts, { name: `${at}/bias/Concat`, attributes: { axis: 0 } });
  const perHead = graph.node('Reshape', [gap, graph.shape([kvHeads, groupSize, -1])], { name: `${at}/gap/Reshape` });
  const added = graph.node('Add', [perHead, bias], { name: `${at}/bias/Add` });
  return graph.node('Reshape', [added, graph.shape([kvHeads, -1, 1])], { name: `${at}/bias/Reshape` });
}

/**
 * Runs softmax and values for each group of KV heads and puts their small results together; the large
 * logits and weights are never copied.
 */
export function distantAttention(
  graph: GraphBuilder,
  model: ModelDescription,
  groups: readonly DistantGroup[],
  valuesOf: (group: DistantGroup) => Edge,
  at: string,
): { merged: PartialAttention; weights: readonly Edge[] } {
  const parts = groups.map((group, index) => {
    const { first, count, logits } = group;
    const place = `${at}/${index}`;
    const groupValues = headRange(graph, valuesOf(group), 1, first, count, model.kvHeads, `${place}/values`);
    return partialAttention(graph, logits, groupValues, place);
  });
  const weights = parts.map((part) => part.weights);
  if (parts.length === 1) return { merged: parts[0]!, weights };
  const join = (key: 'output' | 'largestLogit' | 'largestWeight'): Edge =>
    graph.node(
      'Concat',
      parts.map((part) => part[key]),
      { name: `${at}/${key}/Concat`, attributes: { axis: 0 } },
    );
  const merged = {
    weights: weights[0]!,
    output: join('output'),
    largestLogit: join('largestLogit'),
    largestWeight: join('largestWeight'),
  };
  return { merged, weights };
}
