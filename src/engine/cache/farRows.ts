import type { HostTensor } from '../runtime/ort.ts';
import type { NamedTensor } from './namedTensor.ts';

/** Keys or values of the distant tokens of one layer, `[tokens, kvHeads, headDim]`. */
export interface FarRows {
  readonly tokens: number;
  /** Bytes that are allocated, filled or not. */
  readonly bytes: number;
  /** Makes room for `tokens` tokens in all, exactly. */
  reserve(tokens: number): void;
  /**
   * Appends tokens.
   * @param source `[tokens, sourceKvHeads, headDim]` float32
   * @param kvHeads which of the source's KV heads are kept, as many as the store has
   */
  append(source: Float32Array, sourceKvHeads: number, kvHeads: readonly number[]): void;
  /** Forgets the tokens from `tokens` on. */
  truncate(tokens: number): void;
  /** Counts `tokens` tokens as there, for `tensors` to be filled. */
  allocate(tokens: number): void;
  /** Views of the first `tokens` tokens, under `name`, and `name.scales` where rows are packed. */
  tensors(name: string, tokens: number): NamedTensor[];
  /**
   * Feeds under `name`, and `name/scales` where rows are packed. A store without tokens feeds empty rows:
   * reductions over nothing have no result, and the graph's `distantBias` hides them.
   * @param leastTokens tokens that are fed at least
   */
  feed(name: string, feeds: Record<string, HostTensor>, leastTokens?: number): void;
}
