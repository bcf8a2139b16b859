import { logSumExp } from './logSumExp.ts';

/** Loss of `next`, in nats, and the token held likeliest. */
export function tokenLoss(
  logits: Float32Array,
  next: number,
): { readonly lossNats: number; readonly likeliest: number } {
  const { log, top } = logSumExp(logits);
  return { lossNats: log - logits[next]!, likeliest: top };
}
