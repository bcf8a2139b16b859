/**
 * What logits say of the token that came, and how they differ from those of another model.
 * Adds up over positions; all logs are natural.
 */
export class LogitFigures {
  positions = 0;
  lossNats = 0;
  divergenceNats = 0;
  agreements = 0;

  /**
   * Takes one position in.
   * @param logits `[vocab]`
   * @param next the token that came
   * @param baseline `[vocab]` logits of the model to compare with, at the same position
   */
  add(logits: Float32Array, next: number, baseline: Float32Array): void {
    const own = logSumExp(logits);
    const other = logSumExp(baseline);
    this.positions += 1;
    this.lossNats += own.log - logits[next]!;
    this.agreements += own.top === other.top ? 1 : 0;
    let divergence = 0;
    for (let i = 0; i < logits.length; i += 1) {
      const expected = baseline[i]! - other.log;
      // Tokens below e^-30 add nothing that float32 logits could show.
      if (expected > -30) divergence += Math.exp(expected) * (expected - logits[i]! + own.log);
    }
    this.divergenceNats += divergence;
  }

  /** Mean loss, in nats a token. */
  get meanLoss(): number {
    return this.lossNats / this.positions;
  }

  get perplexity(): number {
    return Math.exp(this.meanLoss);
  }

  /** Mean Kullback-Leibler divergence from the baseline, in nats a token. */
  get meanDivergence(): number {
    return this.divergenceNats / this.positions;
  }

  /** Share of positions with the baseline's first choice. */
  get agreement(): number {
    return this.agreements / this.positions;
  }
}

function logSumExp(logits: Float32Array): { readonly log: number; readonly top: number } {
  let top = 0;
  for (let i = 1; i < logits.length; i += 1) if (logits[i]! > logits[top]!) top = i;
  const peak = logits[top]!;
  let sum = 0;
  for (let i = 0; i < logits.length; i += 1) sum += Math.exp(logits[i]! - peak);
  return { log: peak + Math.log(sum), top };
}
