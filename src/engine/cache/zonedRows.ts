import type { CachePlan } from '#shared/domain/index.ts';
import type { HostTensor } from '../runtime/ort.ts';
import { brokenPageTokens, hasDistant, keepsDistant, packedNearTokens } from './distantRange.ts';
import type { FarRows } from './farRows.ts';
import type { NamedTensor } from './namedTensor.ts';
import { NearStore } from './nearStore.ts';
import { PackedNearStore } from './packedNearStore.ts';
import { PageStore } from './pageStore.ts';
import type { RecentRows } from './recentRows.ts';
import { RowStore } from './rowStore.ts';

/** What a layer keeps of a token. */
export type RowKind = 'Keys' | 'Values';

/**
 * Keys or values of one layer that sees the whole text, by how far away their tokens are:
 *
 * ```
 * far (keys: only of KV heads that keep theirs)  ◄── packed near, int8 (where the plan has it) ◄── near, float32
 * ```
 */
export class ZonedRows implements RecentRows {
  readonly near: NearStore;
  readonly packed: PackedNearStore | null;
  readonly #far: FarRows | null;
  readonly #layer: number;
  readonly #kind: RowKind;
  readonly #kvHeads: number;
  /** The KV heads of which far rows are kept. */
  readonly #farKvHeads: readonly number[];

  constructor(plan: CachePlan, layer: number, kind: RowKind) {
    const { kvHeads, headDim } = plan.shape;
    this.#layer = layer;
    this.#kind = kind;
    this.#kvHeads = kvHeads;
    this.#farKvHeads = plan.layers[layer]!.kvHeads.flatMap(({ kind: keys }, kvHead) =>
      kind === 'Values' || keys === 'own' ? [kvHead] : [],
    );
    this.near = new NearStore(hasDistant(plan) ? nearCapacityTokens(plan) : null, plan.sinkTokens, kvHeads, headDim);
    this.packed = packedNearTokens(plan) > 0 ? new PackedNearStore(kvHeads, headDim) : null;
    this.#far =
      keepsDistant(plan) && this.#farKvHeads.length > 0 ? farStore(plan, kind, this.#farKvHeads.length) : null;
  }

  /** Bytes that are allocated for near rows, packed ones included. */
  get nearBytes(): number {
    return this.near.bytes + (this.packed?.bytes ?? 0);
  }

  /** Bytes that are allocated for far rows. */
  get farBytes(): number {
    return this.#far?.bytes ?? 0;
  }

  /** Makes room for far rows of so many tokens, exactly. */
  reserveFar(tokens: number): void {
    this.#far?.reserve(tokens);
  }

  /**
   * Copies the oldest `count` near tokens to where far rows are kept, and packs those after them up to the position
   * `packedEnd`. Rows that leave `near` so are still there: it is to be told to drop them.
   */
  leave(count: number, packedEnd: number): void {
    const { near, packed } = this;
    if (!packed) {
      this.#appendFar(near.oldest(count));
      return;
    }
    // When the first tokens become distant none is packed yet.
    const unpacked = Math.min(count, packed.tokens);
    if (unpacked > 0) this.#appendFar(packed.oldest(unpacked));
    if (count > unpacked) this.#appendFar(near.oldest(count - unpacked));
    packed.dropOldest(unpacked);
    packed.append(near.between(near.oldestPosition + count - unpacked, packedEnd));
  }

  feed(feeds: Record<string, HostTensor>, pageTokens: number | undefined): void {
    this.near.feed(this.#name('near'), feeds);
    this.packed?.feed(this.#name('packed'), feeds);
    this.#far?.feed(this.#name('far'), feeds, pageTokens);
  }

  /** Forgets far rows from the `tokens`-th on. */
  truncateFar(tokens: number): void {
    this.#far?.truncate(tokens);
  }

  /** Counts far rows of `tokens` tokens as there, for `farTensors` to be filled. */
  allocateFar(tokens: number): void {
    this.#far?.allocate(tokens);
  }

  /** Views of the far rows of the first `tokens` distant tokens. */
  farTensors(tokens: number): NamedTensor[] {
    return this.#far?.tensors(this.#name('far'), tokens) ?? [];
  }

  /** A view of the near rows of the first `tokens` tokens, where none ever leaves. */
  nearTensor(tokens: number): NamedTensor {
    return this.near.tensor(this.#name('near'), tokens);
  }

  #appendFar(rows: Float32Array): void {
    this.#far?.append(rows, this.#kvHeads, this.#farKvHeads);
  }

  /** As the graphs call it. */
  #name(zone: 'near' | 'packed' | 'far'): string {
    return `${zone}${this.#kind}.${this.#layer}`;
  }
}

/** Where pages are picked by products of bytes, keys lie in pages with a scale each. */
function farStore({ farKeys, farValues, select, shape }: CachePlan, kind: RowKind, kvHeads: number): FarRows {
  return kind === 'Keys' && select && farKeys === 'int8'
    ? new PageStore(select.pageTokens, kvHeads, shape.headDim)
    : new RowStore(kind === 'Keys' ? farKeys : farValues, kvHeads, shape.headDim);
}

/**
 * Float32 rows a near store holds at most once some have left it: sinks, what of the window is not packed, a page that
 * is not whole yet, and a block that fills.
 */
export const nearCapacityTokens = (plan: CachePlan): number =>
  plan.sinkTokens + plan.windowTokens - packedNearTokens(plan) + brokenPageTokens(plan) + plan.chunkTokens;
