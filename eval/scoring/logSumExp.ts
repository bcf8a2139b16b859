/**
 * The log of the sum of what logits are logs of, and the token held likeliest.
 * @param logits `[vocab]`
 */
export function logSumExp(logits: Float32Array): { readonly log: number; readonly top: number } {
  let top = 0;
  for (let i = 1; i < logits.length; i += 1) if (logits[i]! > logits[top]!) top = i;
  const peak = logits[top]!;
  let sum = 0;
  for (let i = 0; i < logits.length; i += 1) sum += Math.exp(logits[i]! - peak);
  return { log: peak + Math.log(sum), top };
}
