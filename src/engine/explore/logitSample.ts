import type { AttentionShape } from '#shared/domain/index.ts';
import { joinArrays } from './joinArrays.ts';

/** Every place where a query is sampled: in running text, inside a passage that the text repeats, in questions and answers. */
export const queryKinds = ['prose', 'copy', 'retrieval'] as const;

export type QueryKind = (typeof queryKinds)[number];

/** One number for each kind of query. */
export type ByKind = Readonly<Record<QueryKind, number>>;

/** Makes one number for each kind of query. */
export function byKind(of: (kind: QueryKind) => number): ByKind {
  return { prose: of('prose'), copy: of('copy'), retrieval: of('retrieval') };
}

/** One sampled query; its distant keys are the rows `[firstRow, firstRow + rows)` of the tables. */
export interface SampledQuery {
  readonly kind: QueryKind;
  /** Token position inside its sequence. */
  readonly position: number;
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * Attention logits of sampled queries in every layer and head of a dense pass: all that the
 * search for a plan needs of a model. Only distant keys have rows, for only their keys can
 * be shared; near keys enter through the log of the sum of their exponentials.
 */
export interface LogitSample {
  /** Of the layers that see the whole text, counted among themselves. */
  readonly shape: AttentionShape;
  readonly queries: readonly SampledQuery[];
  /** `[rows]`: how many distant keys a row stands for (1 when it was taken for certain). */
  readonly rowWeights: Float32Array;
  /** For each layer `[rows, heads]`: scaled logits before the softmax. */
  readonly logits: readonly Float32Array[];
  /** For each layer `[queries, heads]`: log-sum-exp of the logits over near keys. */
  readonly nearLogSumExp: readonly Float32Array[];
}

/** Puts samples of several sequences one behind the other. They must be of one model. */
export function joinSamples(samples: readonly LogitSample[]): LogitSample {
  const first = samples[0];
  if (!first) throw new RangeError('joinSamples needs at least one sample');
  let row = 0;
  const queries: SampledQuery[] = [];
  for (const sample of samples) {
    for (const query of sample.queries) queries.push({ ...query, firstRow: query.firstRow + row });
    row += sample.rowWeights.length;
  }
  return {
    shape: first.shape,
    queries,
    rowWeights: joinArrays(samples.map((sample) => sample.rowWeights)),
    logits: first.logits.map((_, layer) => joinArrays(samples.map((sample) => sample.logits[layer]!))),
    nearLogSumExp: first.nearLogSumExp.map((_, layer) =>
      joinArrays(samples.map((sample) => sample.nearLogSumExp[layer]!)),
    ),
  };
}
