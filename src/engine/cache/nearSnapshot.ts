import type { CachePlan } from '#shared/domain/index.ts';
import { brokenPageTokens, distantRange, hasDistant, packedNearRange, packedNearTokens } from './distantRange.ts';
import type { NamedTensor } from './namedTensor.ts';
import { PackedNearStore, packedNearBytes } from './packedNearStore.ts';
import type { RecentLayer, RecentRows } from './recentRows.ts';
import { isSliding, slidingRowsAtBlock } from './slidingLayers.ts';
import { SnapshotRows } from './snapshotRows.ts';
import type { RowKind } from './zonedRows.ts';

/** Keys or values of one layer. */
interface RecentSnapshot {
  readonly rows: SnapshotRows;
  /** A copy of all of them, of a fourth of the bytes they take in float32. Null where there are none. */
  readonly packed: PackedNearStore | null;
}

interface LayerSnapshot {
  readonly keys: RecentSnapshot;
  readonly values: RecentSnapshot;
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
  static of(plan: CachePlan, tokens: number, recentOf: (layer: number) => RecentLayer): NearSnapshot {
    const snapshotOf = ({ near, packed }: RecentRows): RecentSnapshot => ({
      rows: SnapshotRows.of(near),
      packed: packed && packed.copy(),
    });
    return new NearSnapshot(plan, tokens, (layer) => {
      const { keys, values } = recentOf(layer);
      return { keys: snapshotOf(keys), values: snapshotOf(values) };
    });
  }

  /** A snapshot of zeros, for a file to fill. */
  static empty(plan: CachePlan, tokens: number): NearSnapshot {
    const { kvHeads, headDim } = plan.shape;
    const { start, end } = packedNearRange(plan, tokens);
    const empty = (layer: number): RecentSnapshot => {
      const packs = packedNearTokens(plan) > 0 && !isSliding(plan.shape, layer);
      const packed = packs ? new PackedNearStore(kvHeads, headDim) : null;
      packed?.allocate(end - start);
      const rows = new Float32Array(nearRows(plan, layer, tokens) * kvHeads * headDim);
      return { rows: SnapshotRows.filled(rows), packed };
    };
    return new NearSnapshot(plan, tokens, (layer) => ({ keys: empty(layer), values: empty(layer) }));
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return [...this.#layers.values()]
      .flatMap(({ keys, values }) => [keys, values])
      .reduce((total, { rows, packed }) => total + rows.bytes + (packed?.bytes ?? 0), 0);
  }

  /** To be told before the oldest `count` float32 rows leave the stores of a layer. */
  leaving(layer: number, recent: RecentLayer, count: number): void {
    const kept = this.#layers.get(layer);
    kept?.keys.rows.leaving(recent.keys.near, count);
    kept?.values.rows.leaving(recent.values.near, count);
  }

  /** Puts the stores of all layers back to what they were. */
  restore(recentOf: (layer: number) => RecentLayer): void {
    for (const [layer, kept] of this.#layers) {
      const recent = recentOf(layer);
      for (const kind of ['keys', 'values'] as const) {
        const { near, packed } = recent[kind];
        near.restore(kept[kind].rows.whole(near), this.tokens);
        if (kept[kind].packed) packed?.restore(kept[kind].packed);
      }
    }
  }

  /** Rows as a file keeps them; the snapshot's own memory where it is one for a file to fill. */
  tensors(recentOf: (layer: number) => RecentLayer): NamedTensor[] {
    const { kvHeads, headDim } = this.#plan.shape;
    return [...this.#layers].flatMap(([layer, kept]) => {
      const recent = recentOf(layer);
      const shape = [nearRows(this.#plan, layer, this.tokens), kvHeads, headDim];
      const tensorsOf = (kind: 'keys' | 'values', name: RowKind): NamedTensor[] => {
        const data = kept[kind].rows.whole(recent[kind].near);
        const packed = kept[kind].packed?.tensors(`snapshot.${this.tokens}.packed${name}.${layer}`) ?? [];
        return [{ name: `snapshot.${this.tokens}.near${name}.${layer}`, shape, data }, ...packed];
      };
      return [...tensorsOf('keys', 'Keys'), ...tensorsOf('values', 'Values')];
    });
  }
}

/** Float32 rows of one layer that its near store holds after `tokens` tokens, a whole number of blocks. */
function nearRows(plan: CachePlan, layer: number, tokens: number): number {
  const { sliding } = plan.shape;
  if (sliding && isSliding(plan.shape, layer)) return Math.min(tokens, slidingRowsAtBlock(sliding));
  const { start } = distantRange(plan, tokens);
  return tokens - (packedNearRange(plan, tokens).end - start);
}

/**
 * What so many snapshots take at most, once all they hold has left the near stores: those of a text that is still
 * near as a whole hold all of it.
 */
export function snapshotBytes(plan: CachePlan, snapshots: number): number {
  const { kvHeads, headDim, sliding } = plan.shape;
  const floatBytes = 2 * kvHeads * headDim * 4;
  const packedTokens = packedNearTokens(plan);
  const bytesOf = (layer: number): number => {
    if (sliding && isSliding(plan.shape, layer)) return slidingRowsAtBlock(sliding) * floatBytes;
    const floatRows = plan.sinkTokens + plan.windowTokens - packedTokens + brokenPageTokens(plan);
    const bytes = floatRows * floatBytes + packedTokens * 2 * packedNearBytes(kvHeads, headDim);
    // A text without distant tokens has nothing packed.
    return Math.max(bytes, Math.max(plan.wholeTokens ?? 0, floatRows + packedTokens) * floatBytes);
  };
  return snapshots * losingLayers(plan).reduce((total, layer) => total + bytesOf(layer), 0);
}
