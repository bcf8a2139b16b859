import type { CachePlan } from '#shared/domain/index.ts';
import { distantRange } from '../cache/distantRange.ts';
import type { SequenceCache } from '../cache/sequenceCache.ts';
import { globalLayers, slidingLayers } from '../cache/slidingLayers.ts';
import type { LayerRange } from '../graph/cutLayers.ts';
import { distantRuns } from '../graph/distantLogits.ts';
import type { PagesRead, StepAttention } from './stepAttention.ts';

/** Gathers what a chunk's last query attended to from the parts of the decoder, layer by layer, by position. */
export class AttentionGatherer {
  readonly #plan: CachePlan;
  readonly #cache: SequenceCache;
  readonly #count: number;
  readonly #nearPositions: Int32Array;
  readonly #near: Float32Array;
  readonly #distantStart: number;
  readonly #distantTokens: number;
  readonly #distant: Float32Array;
  readonly #pagesRead: PagesRead | null;

  /** @param count tokens of the chunk, which the cache has not taken in yet */
  constructor(plan: CachePlan, cache: SequenceCache, count: number) {
    this.#plan = plan;
    this.#cache = cache;
    this.#count = count;
    const range = distantRange(plan, cache.tokens);
    this.#distantStart = range.start;
    this.#distantTokens = range.end - range.start;
    // Near rows are all tokens but the distant ones, in order.
    this.#nearPositions = Int32Array.from({ length: cache.tokens + count - this.#distantTokens }, (_, row) =>
      row < range.start ? row : row + this.#distantTokens,
    );
    this.#near = new Float32Array(plan.shape.layers * this.#nearPositions.length);
    this.#distant = new Float32Array(plan.shape.layers * this.#distantTokens);
    // Tokens that were dropped are one page that nobody read.
    const pageTokens = plan.distant === 'dropped' ? this.#distantTokens : plan.select?.pageTokens;
    this.#pagesRead =
      pageTokens && this.#distantTokens > 0
        ? { pageTokens, read: new Uint8Array((plan.shape.layers * this.#distantTokens) / pageTokens) }
        : null;
  }

  /** Takes in what one part of the decoder gave out. */
  add({ start, end }: LayerRange, outputs: Readonly<Record<string, Float32Array>>): void {
    const { attendedNear, attendedDistant, attendedSliding } = outputs;
    const global = globalLayers(this.#plan.shape, start, end);
    for (const [row, layer] of global.entries()) {
      const columns = attendedNear!.length / global.length;
      this.#addNear(layer, attendedNear!.subarray(row * columns, (row + 1) * columns));
      const distant = this.#distantTokens;
      if (distant > 0 && !this.#pagesRead) {
        this.#distant.set(attendedDistant!.subarray(row * distant, (row + 1) * distant), layer * distant);
      }
    }
    if (this.#pagesRead && this.#plan.select)
      this.#addPages(this.#pagesRead, global, attendedDistant!, outputs['attendedPages']!);
    const sliding = slidingLayers(this.#plan.shape, start, end);
    for (const [row, layer] of sliding.entries()) {
      const columns = attendedSliding!.length / sliding.length;
      this.#addSliding(layer, attendedSliding!.subarray(row * columns, (row + 1) * columns));
    }
  }

  finish(): StepAttention {
    return {
      nearPositions: this.#nearPositions,
      near: this.#near,
      distantStart: this.#distantStart,
      distantTokens: this.#distantTokens,
      distant: this.#distant,
      ...(this.#pagesRead && { pagesRead: this.#pagesRead }),
    };
  }

  /**
   * Puts weights of near rows in the order of their positions.
   * @param weights `[p + m + s]`: packed rows, near rows in float32 with the sinks first, the chunk. A store without
   *   tokens has one empty row, its only one
   */
  #addNear(layer: number, weights: Float32Array): void {
    const packed = this.#cache.packedTokens;
    const at = layer * this.#nearPositions.length;
    const floats = weights.subarray(weights.length - (this.#nearPositions.length - packed));
    const sinks = packed > 0 ? this.#distantStart : 0;
    this.#near.set(floats.subarray(0, sinks), at);
    this.#near.set(weights.subarray(0, packed), at + sinks);
    this.#near.set(floats.subarray(sinks), at + sinks + packed);
  }

  /**
   * Puts the weights of read pages where their tokens are.
   * @param weights `[layers * kvHeads, k * pageTokens]`
   * @param pages `[runs * k]`: page numbers, for each run of KV heads of each layer
   */
  #addPages(
    { pageTokens, read }: PagesRead,
    layers: readonly number[],
    weights: Float32Array,
    pages: Float32Array,
  ): void {
    const { kvHeads } = this.#plan.shape;
    const rowTokens = weights.length / (layers.length * kvHeads);
    const count = rowTokens / pageTokens;
    const allPages = this.#distantTokens / pageTokens;
    let row = 0;
    let run = 0;
    for (const layer of layers) {
      for (const { count: runHeads } of distantRuns(this.#plan, layer)) {
        for (let head = 0; head < runHeads; head++, row++) {
          for (let index = 0; index < count; index++) {
            const page = pages[run * count + index]!;
            read[layer * allPages + page] = 1;
            const to = layer * this.#distantTokens + page * pageTokens;
            const from = row * rowTokens + index * pageTokens;
            for (let token = 0; token < pageTokens; token++) this.#distant[to + token]! += weights[from + token]!;
          }
        }
        run++;
      }
    }
  }

  /** A sliding layer's rows are the newest, whichever of them other layers hold near or distant. */
  #addSliding(layer: number, weights: Float32Array): void {
    const near = this.#nearPositions.length;
    const tokens = this.#cache.tokens + this.#count;
    const rows = this.#cache.slidingTokens + this.#count;
    for (let row = 0; row < rows; row++) {
      const weight = weights[weights.length - rows + row]!;
      const position = tokens - rows + row;
      const distant = position - this.#distantStart;
      if (distant < 0) this.#near[layer * near + position] = weight;
      else if (distant < this.#distantTokens) this.#distant[layer * this.#distantTokens + distant] = weight;
      else this.#near[layer * near + position - this.#distantTokens] = weight;
    }
  }
}
