import type { NearStore } from './nearStore.ts';
import type { PackedNearStore } from './packedNearStore.ts';

/** The rows of one layer, keys or values, that leave their stores for good as reading goes on. */
export interface RecentRows {
  readonly near: NearStore;
  /** Older than those, but for sinks; null where all near rows are float32. */
  readonly packed: PackedNearStore | null;
}

/** Both kinds of one layer. */
export interface RecentLayer {
  readonly keys: RecentRows;
  readonly values: RecentRows;
}
