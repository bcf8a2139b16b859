import type { SamplingOptions } from '#shared/contract/index.ts';

/** Chooses the next token of one answer. */
export class Sampler {
  readonly #temperature: number;
  readonly #topP: number;
  readonly #repetitionPenalty: number;
  readonly #used = new Set<number>();
  #state: number;

  constructor(options: SamplingOptions = {}) {
    this.#temperature = options.temperature ?? 0;
    this.#topP = options.topP ?? 0.95;
    this.#repetitionPenalty = options.repetitionPenalty ?? 1.1;
    this.#state = options.seed ?? 0;
  }

  /**
   * @param logits `[vocabSize]`, left as they are
   * @returns the id of the token that comes next
   */
  next(logits: Float32Array): number {
    const scores = this.#repetitionPenalty === 1 ? logits : this.#penalised(logits);
    const id = this.#temperature === 0 ? argMax(scores) : this.#draw(scores);
    this.#used.add(id);
    return id;
  }

  /** Repeats become less likely (arXiv 1909.05858, section 4.1): positive logits are divided, negative multiplied. */
  #penalised(logits: Float32Array): Float32Array {
    const scores = Float32Array.from(logits);
    for (const id of this.#used) {
      const logit = scores[id]!;
      scores[id] = logit > 0 ? logit / this.#repetitionPenalty : logit * this.#repetitionPenalty;
    }
    return scores;
  }

  /** Draws from the fewest tokens whose probabilities reach `topP` together (arXiv 1904.09751, section 3.1). */
  #draw(scores: Float32Array): number {
    const highest = scores[argMax(scores)]!;
    const weights = scores.map((score) => Math.exp((score - highest) / this.#temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const order = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]!);
    let kept = 0;
    let mass = 0;
    while (kept < order.length && mass < this.#topP * total) mass += weights[order[kept++]!]!;
    let left = this.#random() * mass;
    for (const id of order.slice(0, kept)) {
      left -= weights[id]!;
      if (left <= 0) return id;
    }
    return order[0]!;
  }

  /** A small seeded generator (mulberry32), so that the same seed gives the same answer. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** The place of the largest value; the first of equals. */
function argMax(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
}
