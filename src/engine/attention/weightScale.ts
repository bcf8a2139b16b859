/** Halvings below 1 that a cell can show: 2^-20 is less than one token of a million. */
const RANGE_BITS = 20;

/** An attention weight, 0 to 1, as a map cell; see `MapTile`. */
export function cellOfWeight(weight: number): number {
  if (weight <= 0) return 0;
  return Math.min(255, Math.max(0, Math.round(255 * (1 + Math.log2(weight) / RANGE_BITS))));
}

/** The weight a map cell stands for; cell 0 is nothing. */
export function weightOfCell(cell: number): number {
  return cell === 0 ? 0 : 2 ** (RANGE_BITS * (cell / 255 - 1));
}
