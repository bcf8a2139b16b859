import { dequantize, type WeightSource } from '../gguf/index.ts';
import type { ModelDescription } from '../model/index.ts';
import { floats } from '../runtime/hostTensor.ts';
import type { GraphSession } from '../runtime/ort.ts';
import { largestLogits } from './largestLogits.ts';

/** Candidates that are computed exactly at first. */
const CANDIDATES = 64;

export interface OutputHeadParts {
  readonly weights: WeightSource;
  readonly model: ModelDescription;
  /** Name of the GGUF tensor, `[vocabSize]` rows. */
  readonly tensor: string;
  /** `hidden` to `normed` and rough `logits`; null to compute every logit exactly. */
  readonly coarse: GraphSession | null;
  /** Makes the graph of exact logits when it is first asked for. */
  readonly exact: () => Promise<GraphSession>;
}

/**
 * The output layer: hidden states to logits.
 *
 * Of a quarter of a million rows only a few can win, and reading all of them at 8 bits is a third of
 * what a step of a small model reads. So the next token is found in two passes: weights of 4 bits
 * give every logit roughly, then the rows of the likeliest are taken from the file and multiplied
 * without rounding. More rows are taken until the best of them stands above all that were
 * not by twice the largest error seen.
 */
export class OutputHead {
  readonly #parts: OutputHeadParts;
  #exact: Promise<GraphSession> | null = null;

  constructor(parts: OutputHeadParts) {
    this.#parts = parts;
  }

  /**
   * Logits after one token: exact where it matters, see above.
   * @param hidden `[hiddenSize]`
   * @returns `[vocabSize]`
   */
  async next(hidden: Float32Array): Promise<Float32Array> {
    const { coarse, model } = this.#parts;
    if (!coarse) return this.all(hidden);
    const outputs = await coarse.run({ hidden: floats(hidden, [1, model.hiddenSize]) });
    return this.#refine(outputs['logits']!, outputs['normed']!);
  }

  /**
   * All logits at the precision of the file.
   * @param hidden `[s, hiddenSize]`
   * @returns `[s, vocabSize]`
   */
  async all(hidden: Float32Array): Promise<Float32Array> {
    const { hiddenSize } = this.#parts.model;
    this.#exact ??= this.#parts.exact();
    const session = await this.#exact;
    return (await session.run({ hidden: floats(hidden, [hidden.length / hiddenSize, hiddenSize]) }))['logits']!;
  }

  #refine(rough: Float32Array, normed: Float32Array): Float32Array {
    const logits = rough.slice();
    let done = 0;
    let best = -Infinity;
    let largestError = 0;
    for (let count = CANDIDATES; ; count *= 4) {
      const ids = largestLogits(rough, count);
      for (const id of ids.subarray(done)) {
        const logit = this.#exactLogit(id, normed);
        largestError = Math.max(largestError, Math.abs(logit - rough[id]!));
        best = Math.max(best, logit);
        logits[id] = logit;
      }
      done = ids.length;
      if (done === rough.length || best > rough[ids.at(-1)!]! + 2 * largestError) return logits;
    }
  }

  #exactLogit(id: number, normed: Float32Array): number {
    const { weights, tensor } = this.#parts;
    const row = dequantize(weights.tensors.get(tensor)!.type, weights.readRows(tensor, id, 1), normed.length);
    let sum = 0;
    for (let index = 0; index < row.length; index++) sum += row[index]! * normed[index]!;
    return sum;
  }
}
