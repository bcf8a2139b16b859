import { logSumExp } from './logSumExp.ts';

/** What logits say of the token that came, and how they differ from those of another model. All logs are natural. */
export interface PositionScore {
  readonly lossNats: number;
  /** Kullback-Leibler divergence from the baseline. */
  readonly divergenceNats: number;
  /** Whether the first choice is the baseline's. */
  readonly agrees: boolean;
}

/** What the baseline says at one position, worked out once for all that are compared with it. */
export interface BaselinePosition {
  /** `[vocab]` */
  readonly probabilities: Float32Array;
  /** Sum of each probability times its own log: less than zero. */
  readonly negativeEntropyNats: number;
  /** Log of the sum of what the logits are logs of. */
  readonly log: number;
  /** The token held likeliest. */
  readonly top: number;
}

/** @param logits `[vocab]` of the baseline */
export function baselinePosition(logits: Float32Array): BaselinePosition {
  const { log, top } = logSumExp(logits);
  const probabilities = new Float32Array(logits.length);
  let negativeEntropyNats = 0;
  for (let i = 0; i < logits.length; i += 1) {
    const expected = logits[i]! - log;
    probabilities[i] = Math.exp(expected);
    // With the rounded probability, as it meets the other's logits, so that rounding does not add up.
    negativeEntropyNats += probabilities[i]! * expected;
  }
  return { probabilities, negativeEntropyNats, log, top };
}

/**
 * Scores one position. Of the divergence `sum p (log p - log q)`, with `log q` the logit less the log of the sum of
 * all, only a product of the baseline's probabilities with the logits is left to do.
 * @param logits `[vocab]`
 * @param next the token that came
 */
export function positionScore(logits: Float32Array, next: number, baseline: BaselinePosition): PositionScore {
  const { log, top } = logSumExp(logits);
  const { probabilities, negativeEntropyNats } = baseline;
  let expectedLogit = 0;
  for (let i = 0; i < logits.length; i += 1) expectedLogit += probabilities[i]! * logits[i]!;
  return {
    lossNats: log - logits[next]!,
    divergenceNats: negativeEntropyNats - expectedLogit + log,
    agrees: top === baseline.top,
  };
}

/** How the baseline itself scores. */
export const baselineScore = (logits: Float32Array, next: number, { log }: BaselinePosition): PositionScore => ({
  lossNats: log - logits[next]!,
  divergenceNats: 0,
  agrees: true,
});
