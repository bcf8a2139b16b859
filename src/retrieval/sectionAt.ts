import type { Section, TextPosition } from '#shared/domain/index.ts';

/** Whether `one` stands before `other` in reading order. */
export function isBefore(one: TextPosition, other: TextPosition): boolean {
  return one.leaf < other.leaf || (one.leaf === other.leaf && one.offset < other.offset);
}

/** The section a place lies in; the first one for a place in front of all. Sections are in reading order. */
export function sectionAt(sections: readonly Section[], place: TextPosition): Section | undefined {
  let low = 0;
  let high = sections.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const section = sections[middle];
    if (section && isBefore(place, section.start)) high = middle;
    else low = middle + 1;
  }
  return sections[Math.max(0, low - 1)];
}
