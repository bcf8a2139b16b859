/** Draws `count` of the positions, one from each of as many equal parts, so that all depths are met. */
export function spreadPositions(positions: readonly number[], count: number, random: () => number): number[] {
  return Array.from({ length: Math.min(count, positions.length) }, (_, i) => {
    const from = Math.floor((i * positions.length) / count);
    const end = Math.floor(((i + 1) * positions.length) / count);
    return positions[from + Math.floor(random() * (end - from))]!;
  });
}
