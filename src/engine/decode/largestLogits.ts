/**
 * The ids of the largest logits, largest first; of equal ones the lower id first.
 * @param logits `[vocabSize]`
 * @returns `[min(count, vocabSize)]`
 */
export function largestLogits(logits: Float32Array, count: number): Int32Array {
  const size = Math.min(count, logits.length);
  const ids = new Int32Array(size);
  let filled = 0;
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id]!;
    if (filled === size && logit <= logits[ids[size - 1]!]!) continue;
    // Insertion: after the first few hundred ids hardly one passes the smallest that is kept.
    let at = filled < size ? filled++ : size - 1;
    for (; at > 0 && logits[ids[at - 1]!]! < logit; at--) ids[at] = ids[at - 1]!;
    ids[at] = id;
  }
  return ids;
}
