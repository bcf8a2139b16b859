import type { CachePlan } from '#shared/domain/index.ts';
import type { GgufFile } from '../gguf/index.ts';
import { layerTensorNames, type ModelDescription } from '../model/index.ts';
import { type AttendedWeights, attendedMeans } from './attendedMeans.ts';
import { type AttentionContext, attention } from './attention.ts';
import type { LayerRange } from './cutLayers.ts';
import { type Edge, GraphBuilder } from './graphBuilder.ts';
import type { Precision } from './linear.ts';
import { mlp } from './mlp.ts';
import { addAndNorm, norm } from './norm.ts';
import { ropeInputs } from './rope.ts';

export interface GraphSource {
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  readonly plan: CachePlan;
  readonly precision: Precision;
  /** Taps that become outputs, by name: `layers.N.q`, `.k`, `.v`, `.attended`, `.mlp`. */
  readonly taps: ReadonlySet<string> | 'all';
}

/**
 * Builds the graph of a range of layers. Prefill and decode run the same one.
 *
 * Inputs: `hidden` `[s, hiddenSize]`, `cos` and `sin`, `mask`, `nearLengths`, `nearBias`, `lastRows`, `distantBias`, and
 * the cache rows by `storeInput`. Outputs: `hidden`; `keys` and `values`
 * `[layers * s, kvHeads * headDim]`, layer by layer; `attendedNear` and, where the plan has distant tokens, `attendedDistant`.
 */
export function layersGraph(source: GraphSource, range: LayerRange): GraphBuilder {
  const { gguf, model, plan, precision, taps } = source;
  const graph = new GraphBuilder(`layers.${range.start}-${range.end - 1}`, taps);
  const groupSize = model.heads / model.kvHeads;
  let stream = graph.input('hidden', 'float32', ['s', model.hiddenSize]);
  const context: AttentionContext = {
    graph,
    gguf,
    model,
    plan,
    precision,
    rope: ropeInputs(graph, model),
    mask: graph.input('mask', 'float32', ['gs', 's']),
    nearLengths: graph.input('nearLengths', 'int64', [2]),
    nearBias: graph.input('nearBias', 'float32', [1]),
    lastRows: graph.input('lastRows', 'int64', [groupSize]),
    distantBias: graph.input('distantBias', 'float32', [1]),
    leaders: { logits: new Map(), keys: new Map() },
  };

  const keys: Edge[] = [];
  const values: Edge[] = [];
  const attended: AttendedWeights[] = [];
  let branch: Edge | null = null;
  for (let layer = range.start; layer < range.end; layer++) {
    const tensors = layerTensorNames(layer);
    const at = `/layers.${layer}`;
    const first = { name: `${at}/attn/norm`, tensor: tensors.attentionNorm, eps: model.normEps };
    let normed: Edge;
    if (branch === null) normed = norm(graph, gguf, stream, first);
    else ({ normed, stream } = addAndNorm(graph, gguf, stream, branch, first));
    const result = attention(context, layer, normed, tensors);
    keys.push(result.keys);
    values.push(result.values);
    attended.push(result.attended);
    const second = { name: `${at}/mlp/norm`, tensor: tensors.ffnNorm, eps: model.normEps };
    ({ normed, stream } = addAndNorm(graph, gguf, stream, result.output, second));
    branch = mlp(graph, gguf, model, precision, normed, { name: `${at}/mlp`, tensors });
    graph.tap(`layers.${layer}.mlp`, branch, ['s', model.hiddenSize]);
  }
  const output = graph.node('Add', [stream, branch!], { name: '/hidden/Add' });

  const kvSize = model.kvHeads * model.headDim;
  const join = (edges: readonly Edge[], name: string): Edge =>
    graph.node('Concat', edges, { name: `/${name}/Concat`, attributes: { axis: 0 } });
  const means = attendedMeans(graph, model, attended);
  const layers = range.end - range.start;
  graph.output('hiddenOut', output, 'float32', ['s', model.hiddenSize]);
  graph.output('keys', join(keys, 'keys'), 'float32', ['layers*s', kvSize]);
  graph.output('values', join(values, 'values'), 'float32', ['layers*s', kvSize]);
  graph.output('attendedNear', means.near, 'float32', [layers, 'm+s']);
  if (means.distant) graph.output('attendedDistant', means.distant, 'float32', [layers, 'n']);
  return graph;
}
