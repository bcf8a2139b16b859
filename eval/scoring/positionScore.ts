/** What logits say of the token that came, and how they differ from those of another model. All logs are natural. */
export interface PositionScore {
  readonly lossNats: number;
  /** Kullback-Leibler divergence from the baseline. */
  readonly divergenceNats: number;
  /** Whether the first choice is the baseline's. */
  readonly agrees: boolean;
}

/**
 * Scores one position.
 * @param logits `[vocab]`
 * @param next the token that came
 * @param baseline `[vocab]` logits of the model to compare with, at the same position
 */
export function positionScore(logits: Float32Array, next: number, baseline: Float32Array): PositionScore {
  const own = logSumExp(logits);
  const other = logits === baseline ? own : logSumExp(baseline);
  let divergenceNats = 0;
  if (logits !== baseline) {
    for (let i = 0; i < logits.length; i += 1) {
      const expected = baseline[i]! - other.log;
      // Tokens below e^-30 add nothing that float32 logits could show.
      if (expected > -30) divergenceNats += Math.exp(expected) * (expected - logits[i]! + own.log);
    }
  }
  return { lossNats: own.log - logits[next]!, divergenceNats, agrees: own.top === other.top };
}

/** Loss of `next`, in nats, and the token held likeliest. */
export function tokenLoss(
  logits: Float32Array,
  next: number,
): { readonly lossNats: number; readonly likeliest: number } {
  const { log, top } = logSumExp(logits);
  return { lossNats: log - logits[next]!, likeliest: top };
}

function logSumExp(logits: Float32Array): { readonly log: number; readonly top: number } {
  let top = 0;
  for (let i = 1; i < logits.length; i += 1) if (logits[i]! > logits[top]!) top = i;
  const peak = logits[top]!;
  let sum = 0;
  for (let i = 0; i < logits.length; i += 1) sum += Math.exp(logits[i]! - peak);
  return { log: peak + Math.log(sum), top };
}
