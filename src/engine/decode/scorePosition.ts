import type { CompletePosition } from '#shared/contract/index.ts';

/**
 * What the model held likely before the token `id` came.
 * @param logits `[vocabSize]`
 */
export function scorePosition(logits: Float32Array, id: number, text: string): CompletePosition {
  let first = 0;
  let second = -1;
  for (let index = 1; index < logits.length; index++) {
    if (logits[index]! > logits[first]!) {
      second = first;
      first = index;
    } else if (second < 0 || logits[index]! > logits[second]!) second = index;
  }
  const highest = logits[first]!;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - highest);
  return {
    id,
    text,
    top1: { id: first, logit: highest },
    top2: { id: second, logit: logits[second] ?? Number.NEGATIVE_INFINITY },
    logProb: logits[id]! - highest - Math.log(sum),
  };
}
