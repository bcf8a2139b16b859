import type { CachePlan } from '#shared/domain/index.ts';
import { distantRange, hasDistant } from './distantRange.ts';
import type { NamedTensor } from './namedTensor.ts';

/** Near rows of one layer, `[nearTokens, kvHeads, headDim]` float32 each. */
interface NearRows {
  readonly keys: Float32Array;
  readonly values: Float32Array;
}

/**
 * The near stores of all layers as they were when `tokens` tokens had been read, a whole number of
 * blocks. A follower's keys leave the near store for good, so a cache can go back only to where it
 * has such a copy; its far stores are simply cut to `distantTokens`.
 */
export class NearSnapshot {
  readonly tokens: number;
  readonly distantTokens: number;
  readonly layers: readonly NearRows[];
  readonly #plan: CachePlan;

  constructor(plan: CachePlan, tokens: number, rowsOf: (layer: number) => NearRows) {
    const { start, end } = distantRange(plan, tokens);
    this.#plan = plan;
    this.tokens = tokens;
    this.distantTokens = end - start;
    this.layers = plan.layers.map(({ layer }) => rowsOf(layer));
  }

  /** A snapshot of zeros, for a file to fill. */
  static empty(plan: CachePlan, tokens: number): NearSnapshot {
    const size = nearElements(plan, tokens);
    return new NearSnapshot(plan, tokens, () => ({ keys: new Float32Array(size), values: new Float32Array(size) }));
  }

  /** Bytes that are allocated. */
  get bytes(): number {
    return this.layers.reduce((total, { keys, values }) => total + keys.byteLength + values.byteLength, 0);
  }

  tensors(): NamedTensor[] {
    const { kvHeads, headDim } = this.#plan.shape;
    const shape = [this.tokens - this.distantTokens, kvHeads, headDim];
    return this.layers.flatMap(({ keys, values }, layer) => [
      { name: `snapshot.${this.tokens}.nearKeys.${layer}`, shape, data: keys },
      { name: `snapshot.${this.tokens}.nearValues.${layer}`, shape, data: values },
    ]);
  }
}

/** Float32 elements of one layer's near keys, or values, after `tokens` tokens. */
function nearElements(plan: CachePlan, tokens: number): number {
  const { start, end } = distantRange(plan, tokens);
  return (tokens - (end - start)) * plan.shape.kvHeads * plan.shape.headDim;
}

/** What so many snapshots take once more than the window was read. */
export function snapshotBytes(plan: CachePlan, snapshots: number): number {
  if (!hasDistant(plan)) return 0;
  const { layers, kvHeads, headDim } = plan.shape;
  return snapshots * 2 * layers * (plan.sinkTokens + plan.windowTokens) * kvHeads * headDim * 4;
}
