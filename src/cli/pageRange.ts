import { type BookInfo, leafIndex, type Scope } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';

/**
 * Reads `--pages`: "12" or "12-14", counted from 1 as a page field counts them. Books
 * without pages count their parts the same way.
 * @throws {InputError} `input/invalid`
 */
export function pageRange(text: string, info: BookInfo): Scope {
  const match = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(text.trim());
  const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  const count = info.leaves.length;
  if (!match || first < 1 || last < first || last > count) {
    throw new InputError('input/invalid', `"${text}" names no pages of this document, which has 1 to ${count}.`, {
      advice: 'Give one page, such as 12, or a range, such as 12-14.',
    });
  }
  return { kind: 'leaves', first: leafIndex(first - 1), last: leafIndex(last - 1) };
}
