/** A run of neighbouring layers that share distant keys: the leader is the lowest. */
export interface LayerBlock {
  readonly leader: number;
  /** Exclusive. */
  readonly end: number;
}

/**
 * Cuts the layers into `blocks` runs of neighbours so that following costs least in sum.
 * Exact, by dynamic programming: the best cut of layers `0..end` into `count` blocks ends in
 * some block `start..end`, before which stands the best cut into `count - 1`.
 * @param cost what it costs `follower` to follow `leader`; Infinity forbids the pair
 * @returns the blocks, lowest first; null when every cut holds a forbidden pair
 */
export function groupLayers(
  layers: number,
  blocks: number,
  cost: (leader: number, follower: number) => number,
): LayerBlock[] | null {
  // best[count][end]: least cost of cutting layers 0..end-1 into count blocks.
  const best = Array.from({ length: blocks + 1 }, () => new Float64Array(layers + 1).fill(Infinity));
  const cutAt = Array.from({ length: blocks + 1 }, () => new Int32Array(layers + 1));
  best[0]![0] = 0;
  for (let start = 0; start < layers; start += 1) {
    let blockCost = 0;
    for (let end = start + 1; end <= layers; end += 1) {
      if (end > start + 1) blockCost += cost(start, end - 1);
      for (let count = 1; count <= blocks; count += 1) {
        const total = best[count - 1]![start]! + blockCost;
        if (total < best[count]![end]!) {
          best[count]![end] = total;
          cutAt[count]![end] = start;
        }
      }
    }
  }
  if (!Number.isFinite(best[blocks]![layers]!)) return null;
  const cut: LayerBlock[] = [];
  let end = layers;
  for (let count = blocks; count > 0; count -= 1) {
    const leader = cutAt[count]![end]!;
    cut.unshift({ leader, end });
    end = leader;
  }
  return cut;
}
