const counts = new Intl.NumberFormat('en');

/** A count with thousands set apart: "2,415". */
export function formatCount(count: number): string {
  return counts.format(Math.round(count));
}

/** A count with its noun: "1 hit", "2,415 pages". */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${Math.round(count) === 1 ? noun : plural}`;
}
