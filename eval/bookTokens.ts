import { openDocument } from '../src/documents/index.ts';
import type { Tokenizer } from '../src/engine/tokenizer/index.ts';

/** Token ids of the running text of a book, without its front and back matter. */
export async function bookTokens(path: string, tokenizer: Tokenizer): Promise<readonly number[]> {
  const book = await openDocument(path);
  try {
    const chapters: string[] = [];
    for (const leaf of book.info.leaves) {
      if (aboutTheFile.test(leaf.label)) continue;
      const { text } = await book.readLeaf(leaf.index);
      if (text.length >= CHAPTER_CHARACTERS) chapters.push(text.trim());
    }
    return tokenizer.encode(chapters.join('\n\n'), 'plain');
  } finally {
    await book.close();
  }
}

/** Title pages and half titles are shorter than a chapter. */
const CHAPTER_CHARACTERS = 2_000;

/** Leaves that speak of the edition and not of the story. */
const aboutTheFile = /imprint|colophon|copyright/i;
