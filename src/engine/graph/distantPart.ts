import type { CachePlan } from '#shared/domain/index.ts';
import { rotationMatrix } from '../cache/rotation.ts';
import type { AttendedWeights } from './attendedMeans.ts';
import type { AttentionContext } from './attention.ts';
import { type DistantGroup, distantLogits, distantRuns } from './distantLogits.ts';
import { emptyFloats, emptyIntegers } from './emptyTensors.ts';
import { farStore, readFar } from './farInputs.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { distantAttention, distantShare, type NearAttention } from './mergeAttention.ts';
import type { ElementType } from './onnxSchema.ts';
import { operatorsOf } from './operators/operatorsOf.ts';

/** What a layer makes of distant tokens, put together with what it found at near ones. */
export interface DistantPart {
  /** `[kvHeads, g * s, headDim]` */
  readonly output: Edge;
  readonly attended: NonNullable<AttendedWeights['distant']>;
}

/**
 * Merges what a layer finds at distant tokens into what it found at near ones, and leaves for the layers
 * above what they share. Nothing of it runs as long as no token is distant.
 */
export function distantPart(context: AttentionContext, layer: number, queries: Edge, near: NearAttention): DistantPart {
  const { graph, model, plan, leaders, lastRows, hasDistantTokens } = context;
  const at = `/layers.${layer}/attn`;
  const group = model.heads / model.kvHeads;
  const runs = distantRuns(plan, layer);
  const pagesOf = plan.select ? runs : [];
  const shares = isFollowed(plan, layer) ? plan.share : null;

  const last = (edge: Edge, name: string): Edge =>
    graph.node('Gather', [edge, lastRows], { name: `${at}/attended/${name}/Gather`, attributes: { axis: 1 } });
  const compute = (): Edge[] => {
    const { output, weights, share, groups, keys } = withDistant(context, layer, queries, near);
    return [
      output,
      last(share, 'share'),
      ...weights.map((edge, index) => last(edge, `distant.${index}`)),
      ...pagesOf.map((_, index) => groups[index]!.pages!),
      ...(shares === null ? [] : [shares === 'keys' ? keys! : groups[0]!.logits]),
    ];
  };
  const nothing = (): Edge[] => [
    near.output,
    graph.sharedConstant('/noShare', 'float32', [model.kvHeads, group, 1], () => new Float32Array(model.heads)),
    ...runs.map(({ count }) => emptyFloats(graph, [count, group, 0])),
    ...pagesOf.map(() => emptyIntegers(graph)),
    ...(shares === null ? [] : [emptyFloats(graph, [0, model.kvHeads, model.headDim])]),
  ];
  const types: ElementType[] = [
    'float32',
    'float32',
    ...runs.map(() => 'float32' as const),
    ...pagesOf.map(() => 'int64' as const),
    ...(shares === null ? [] : ['float32' as const]),
  ];
  const found = [
    ...operatorsOf(graph).onlyIf(
      graph,
      hasDistantTokens,
      types,
      { then: compute, otherwise: nothing },
      `${at}/distant/If`,
    ),
  ];
  const [output, share] = found.splice(0, 2);
  const weights = found.splice(0, runs.length);
  const pages = found.splice(0, pagesOf.length);
  if (shares !== null) leaders[shares].set(layer, found[0]!);
  if (shares !== null && pages.length > 0) leaders.pages.set(layer, pages[0]!);
  return { output: output!, attended: { weights, share: share!, pages } };
}

const isFollowed = (plan: CachePlan, layer: number): boolean =>
  plan.layers.some(({ kvHeads }) => kvHeads.some((head) => head.kind === 'follower' && head.leader === layer));

function withDistant(
  { graph, model, plan, leaders, distantBias, lastRows, pageCount }: AttentionContext,
  layer: number,
  queries: Edge,
  near: NearAttention,
): {
  readonly output: Edge;
  readonly weights: readonly Edge[];
  readonly share: Edge;
  readonly groups: readonly DistantGroup[];
  readonly keys: Edge | null;
} {
  const at = `/layers.${layer}/attn`;
  const selection = pageCount === null ? null : { pageCount, lastRows };
  const { groups, keys } = distantLogits(graph, model, plan, layer, queries, leaders, selection);
  const store = farStore(graph, plan, 'farValues', layer, model.kvHeads);
  const read = new Map<Edge | null, Edge>();
  const valuesOf = ({ pages }: DistantGroup): Edge => {
    const values = read.get(pages) ?? readFar(graph, plan, store, pages, `${store.place}/${read.size}`);
    read.set(pages, values);
    return values;
  };
  const distant = distantAttention(graph, model, groups, valuesOf, `${at}/distant`);
  // Sums of rotated values are rotated sums: turning these few back is all it takes.
  const found =
    plan.farValues === 'int4'
      ? graph.node('MatMul', [distant.merged.output, rotation(graph, model.headDim)], { name: `${at}/distant/MatMul` })
      : distant.merged.output;
  const share = distantShare(graph, model, near, distant.merged, groups, { at: `${at}/gate`, distantBias });
  const difference = graph.node('Sub', [found, near.output], { name: `${at}/gate/Sub` });
  const scaled = graph.node('Mul', [difference, share], { name: `${at}/gate/Mul` });
  const output = graph.node('Add', [near.output, scaled], { name: `${at}/gate/Add` });
  return { output, weights: distant.weights, share, groups, keys };
}

const rotation = (graph: GraphBuilder, headDim: number): Edge =>
  graph.sharedConstant('/rotation', 'float32', [headDim, headDim], () => rotationMatrix(headDim));
