import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { openDocument } from '#documents/index.ts';
import { type DomNode, domText, sentences } from '#shared/text/index.ts';

/** Books beside the project; who has only the project has not got them, and these tests are skipped. */
const folder = join(import.meta.dirname, '../../../../shared/data');
type Parsed = DomNode & { readonly childNodes: ArrayLike<Parsed> };

const books = [
  ['books/moby-dick.epub', { title: 'Moby Dick', leaves: 145, direction: 'ltr', words: 'Call me Ishmael.' }],
  [
    'books/pride-and-prejudice.epub',
    { title: 'Pride and Prejudice', leaves: 65, direction: 'ltr', words: 'Mr. Collins' },
  ],
  [
    'epub3/kusamakura-japanese-vertical-writing.epub',
    { title: '\u8349\u6795', leaves: 16, direction: 'rtl', words: '\u5c71\u8def\u3092\u767b\u308a\u306a\u304c\u3089' },
  ],
  [
    'epub3/regime-anticancer-arabic.epub',
    {
      title: 'Le Vrai R\u00e9gime anti-cancer',
      leaves: 3,
      direction: 'rtl',
      words: '\u0627\u0644\u0633\u0631\u0637\u0627\u0646',
    },
  ],
  [
    'epub3/cole-voyage-of-life.epub',
    { title: 'Thomas Cole - The Voyage of Life', leaves: 10, direction: 'ltr', words: 'Voyage of Life' },
  ],
] as const;

describe.skipIf(!existsSync(folder))('real books (skipped where ../shared/data is absent)', () => {
  it.each(books)('%s', { timeout: 60_000 }, async (path, expected) => {
    const book = await openDocument(join(folder, path));
    const { info } = book;
    expect({ title: info.title, leaves: info.leaves.length, direction: info.direction }).toEqual({
      title: expected.title,
      leaves: expected.leaves,
      direction: expected.direction,
    });
    let all = '';
    for (const { index } of info.leaves) {
      const { text, source } = await book.readLeaf(index);
      expect(source).not.toBe('unreadable');
      all += text;
      // What the window shows has the same text.
      const { html } = await book.markup(index);
      const shown = parseHTML(`<html><body>${html}</body></html>`).document.body as unknown as Parsed;
      expect(domText(shown).text).toBe(text);
      // Every twentieth sentence leads to its place and back.
      for (const range of sentences(text, info.language).filter((_, n) => n % 20 === 0)) {
        const anchor = await book.anchor({ leaf: index, ...range });
        expect(anchor && (await book.resolve(anchor))).toEqual({ leaf: index, ...range });
      }
    }
    expect(all).toContain(expected.words);
    await book.close();
  });
});
