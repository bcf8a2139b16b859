import { type BookInfo, leafIndex, type Scope } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';

/**
 * Reads `--pages`: "12", "12-14" or "xii-xv". A page is what the document calls it, the way
 * answers cite it; a number that no page is called counts the pages from 1. Books without
 * pages count their parts.
 * @throws {InputError} `input/invalid`
 */
export function pageRange(text: string, info: BookInfo): Scope {
  const [from, to = from, ...rest] = text.split('-').map((part) => part.trim());
  const [first, last] = [leafOf(from ?? '', info), leafOf(to ?? '', info)];
  if (first === null || last === null || last < first || rest.length > 0) {
    const { leaves } = info;
    const called = info.format === 'pdf' ? ` (“${leaves[0]?.label ?? ''}” to “${leaves.at(-1)?.label ?? ''}”)` : '';
    throw new InputError(
      'input/invalid',
      `"${text}" names no pages of this document, which has 1 to ${leaves.length}${called}.`,
      { advice: 'Give one page, such as 12, or a range, such as 12-14.' },
    );
  }
  return { kind: 'leaves', first: leafIndex(first), last: leafIndex(last) };
}

function leafOf(name: string, { format, leaves }: BookInfo): number | null {
  if (format === 'pdf') {
    const called = leaves.find(({ label }) => label.toLowerCase() === name.toLowerCase());
    if (called) return called.index;
  }
  const counted = /^\d{1,7}$/.test(name) ? Number(name) - 1 : -1;
  return counted >= 0 && counted < leaves.length ? counted : null;
}
