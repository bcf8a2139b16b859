import type { CachePlan } from '#shared/domain/index.ts';
import { brokenPageTokens, distantRange, hasDistant } from './distantRange.ts';
import type { NamedTensor } from './namedTensor.ts';
import { isSliding, slidingRowsAtBlock } from './slidingLayers.ts';

/** Near rows of one layer, `[rows, kvHeads, headDim]` float32 each. */
interface NearRows {
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/**
 * Whether rows leave some near store for good, so that going back takes a copy: a follower's distant keys, and
 * what has left the window of a sliding layer.
 */
export const losesRows = (plan: CachePlan): boolean => hasDistant(plan) || plan.shape.sliding !== undefined;

/** The layers of which a snapshot holds rows: those whose near store does not just grow. */
const losingLayers = (plan: CachePlan): readonly number[] =>
  plan.layers.flatMap(({ layer }) => (hasDistant(plan) || isSliding(plan.shape, layer) ? [layer] : []));

/**
 * The near stores of a cache as they were when `tokens` tokens had been read, a whole number of
 * blocks. A cache can go back only to where it has such a copy; its far stores are simply cut to
 * `distantTokens`, and stores that only grow to `tokens`.
 */
export class NearSnapshot {
  readonly tokens: number;
  readonly distantTokens: number;
  /** By layer; only of layers whose rows leave. */
  readonly layers: ReadonlyMap<number, NearRows>;
  readonly #plan: CachePlan;

  constructor(plan: CachePlan, tokens: number, rowsOf: (layer: number) => NearRows) {
    const { start, end } = distantRange(plan, tokens);
    this.#plan = plan;
    this.tokens = tokens;
    this.distantTokens = end - start;
    this.layers = new Map(losingLayers(plan).map((layer) => [layer, rowsOf(layer)]));
  }

  /** A snapshot of zeros, for a file to fill. */
  static empty(plan: CachePlan, tokens: number): NearSnapshot {
    const { kvHeads, headDim } = plan.shape;
    return new NearSnapshot(plan, tokens, (layer) => {
      const size = nearRows(plan, layer, tokens) * kvHeads * headDim;
      return { keys: new Float32Array(size), values: new Float32Array(size) };
    });
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return [...this.layers.values()].reduce(
      (total, { keys, values }) => total + keys.byteLength + values.byteLength,
      0,
    );
  }

  tensors(): NamedTensor[] {
    const { kvHeads, headDim } = this.#plan.shape;
    return [...this.layers].flatMap(([layer, { keys, values }]) => {
      const shape = [nearRows(this.#plan, layer, this.tokens), kvHeads, headDim];
      return [
        { name: `snapshot.${this.tokens}.nearKeys.${layer}`, shape, data: keys },
        { name: `snapshot.${this.tokens}.nearValues.${layer}`, shape, data: values },
      ];
    });
  }
}

/** Rows of one layer that its near store holds after `tokens` tokens, a whole number of blocks. */
function nearRows(plan: CachePlan, layer: number, tokens: number): number {
  const { sliding } = plan.shape;
  if (sliding && isSliding(plan.shape, layer)) return Math.min(tokens, slidingRowsAtBlock(sliding));
  const { start, end } = distantRange(plan, tokens);
  return tokens - (end - start);
}

/** What so many snapshots take at most: those of a text that is still near as a whole hold all of it. */
export function snapshotBytes(plan: CachePlan, snapshots: number): number {
  const { kvHeads, headDim, sliding } = plan.shape;
  const rowsOf = (layer: number): number =>
    sliding && isSliding(plan.shape, layer)
      ? slidingRowsAtBlock(sliding)
      : Math.max(plan.sinkTokens + plan.windowTokens + brokenPageTokens(plan), plan.wholeTokens ?? 0);
  const rows = losingLayers(plan).reduce((total, layer) => total + rowsOf(layer), 0);
  return snapshots * 2 * rows * kvHeads * headDim * 4;
}
