import { basename } from 'node:path';
import { openDocument } from '#documents/index.ts';
import type { CalibrationText } from '#engine/explore/index.ts';
import type { Tokenizer } from '#engine/tokenizer/index.ts';

export interface CalibrationTextOptions {
  readonly signal: AbortSignal;
  /** Called as pages or chapters are read, once there are many. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Far more than exploring reads, so that a manual of thousands of pages costs no minutes. */
const MOST_CHARACTERS = 2_000_000;
/** As few are read at once. */
const FEW_LEAVES = 20;

/**
 * Takes the text of a document for exploring a model. The library is not told of it: nobody opened
 * it to read.
 * @param path a PDF, an EPUB or a text file
 * @throws an `AbortError` when `signal` is aborted
 * @throws {DocumentError} `document/*` for a file that is no document
 */
export async function calibrationText(
  path: string,
  tokenizer: Tokenizer,
  { signal, onProgress }: CalibrationTextOptions,
): Promise<CalibrationText> {
  const book = await openDocument(path);
  try {
    const leaves: string[] = [];
    let characters = 0;
    for (const leaf of book.info.leaves) {
      signal.throwIfAborted();
      if (leaf.index > FEW_LEAVES) onProgress(leaf.index, book.info.leaves.length);
      if (characters >= MOST_CHARACTERS) break;
      const { text } = await book.readLeaf(leaf.index);
      if (text.trim() === '') continue;
      leaves.push(text.trim());
      characters += text.length;
    }
    return { title: basename(path), ids: tokenizer.encode(leaves.join('\n\n'), 'plain') };
  } finally {
    await book.close();
  }
}
