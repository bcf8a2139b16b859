import type { CachePlan } from '#shared/domain/index.ts';
import { brokenPageTokens, distantRange, hasDistant } from './distantRange.ts';
import type { NamedTensor } from './namedTensor.ts';
import type { NearStore } from './nearStore.ts';
import { isSliding, slidingRowsAtBlock } from './slidingLayers.ts';
import { SnapshotRows } from './snapshotRows.ts';

/** The near stores of one layer. */
export interface NearStores {
  readonly keys: NearStore;
  readonly values: NearStore;
}

interface LayerSnapshot {
  readonly keys: SnapshotRows;
  readonly values: SnapshotRows;
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
 * blocks. A cache can go back only to where it has such a snapshot; its far stores are simply cut to
 * their length then, and stores that only grow to `tokens`.
 */
export class NearSnapshot {
  readonly tokens: number;
  /** By layer; only of layers whose rows leave. */
  readonly #layers: ReadonlyMap<number, LayerSnapshot>;
  readonly #plan: CachePlan;

  private constructor(plan: CachePlan, tokens: number, snapshotOf: (layer: number) => LayerSnapshot) {
    this.#plan = plan;
    this.tokens = tokens;
    this.#layers = new Map(losingLayers(plan).map((layer) => [layer, snapshotOf(layer)]));
  }

  /** Of a cache that has read `tokens` tokens, and whose distant tokens have left. */
  static of(plan: CachePlan, tokens: number, storesOf: (layer: number) => NearStores): NearSnapshot {
    return new NearSnapshot(plan, tokens, (layer) => {
      const { keys, values } = storesOf(layer);
      return { keys: SnapshotRows.of(keys), values: SnapshotRows.of(values) };
    });
  }

  /** A snapshot of zeros, for a file to fill. */
  static empty(plan: CachePlan, tokens: number): NearSnapshot {
    const { kvHeads, headDim } = plan.shape;
    return new NearSnapshot(plan, tokens, (layer) => {
      const size = nearRows(plan, layer, tokens) * kvHeads * headDim;
      return {
        keys: SnapshotRows.filled(new Float32Array(size)),
        values: SnapshotRows.filled(new Float32Array(size)),
      };
    });
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return [...this.#layers.values()].reduce((total, { keys, values }) => total + keys.bytes + values.bytes, 0);
  }

  /** To be told before the oldest `count` tokens leave the stores of a layer. */
  leaving(layer: number, stores: NearStores, count: number): void {
    const rows = this.#layers.get(layer);
    rows?.keys.leaving(stores.keys, count);
    rows?.values.leaving(stores.values, count);
  }

  /** Puts the stores of all layers back to what they were. */
  restore(storesOf: (layer: number) => NearStores): void {
    for (const [layer, rows] of this.#layers) {
      const { keys, values } = storesOf(layer);
      keys.restore(rows.keys.whole(keys), this.tokens);
      values.restore(rows.values.whole(values), this.tokens);
    }
  }

  /** Rows as a file keeps them; the snapshot's own memory where it is one for a file to fill. */
  tensors(storesOf: (layer: number) => NearStores): NamedTensor[] {
    const { kvHeads, headDim } = this.#plan.shape;
    return [...this.#layers].flatMap(([layer, rows]) => {
      const { keys, values } = storesOf(layer);
      const shape = [nearRows(this.#plan, layer, this.tokens), kvHeads, headDim];
      return [
        { name: `snapshot.${this.tokens}.nearKeys.${layer}`, shape, data: rows.keys.whole(keys) },
        { name: `snapshot.${this.tokens}.nearValues.${layer}`, shape, data: rows.values.whole(values) },
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

/**
 * What so many snapshots take at most, once all they hold has left the near stores: those of a text that is still
 * near as a whole hold all of it.
 */
export function snapshotBytes(plan: CachePlan, snapshots: number): number {
  const { kvHeads, headDim, sliding } = plan.shape;
  const rowsOf = (layer: number): number =>
    sliding && isSliding(plan.shape, layer)
      ? slidingRowsAtBlock(sliding)
      : Math.max(plan.sinkTokens + plan.windowTokens + brokenPageTokens(plan), plan.wholeTokens ?? 0);
  const rows = losingLayers(plan).reduce((total, layer) => total + rowsOf(layer), 0);
  return snapshots * 2 * rows * kvHeads * headDim * 4;
}
