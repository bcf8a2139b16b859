import type { IndexedPassage } from '#library/index.ts';
import { indexableWords, splitPassages } from '#retrieval/index.ts';
import type { BookInfo, LeafIndex, LeafText } from '#shared/domain/index.ts';
import { splitAtSections } from './scopeSpans.ts';
import type { ShelfServices } from './services.ts';

/** Leaves written in one transaction: few enough that a quit loses less than a second of work. */
const BATCH_LEAVES = 32;
const BATCH_CHARACTERS = 200_000;

export interface ExtractionProgress {
  readonly leavesExtracted: number;
  readonly leafCount: number;
  /** Time left at the speed so far; null before the first leaves are in, 0 at the end. */
  readonly remainingMs: number | null;
}

/**
 * Puts leaves and their passages into the library, together or not at all: a leaf that is
 * stored can be searched.
 */
export function storeLeaves({ library }: ShelfServices, info: BookInfo, leaves: readonly LeafText[]): void {
  library.transaction(() => {
    library.texts.save(info.id, leaves);
    for (const { index, text } of leaves) {
      library.passages.save(info.id, index, passagesOf(info, index, text));
    }
  });
}

/** A passage never reaches over the end of a section, so that it is named and read with its own. */
function passagesOf(info: BookInfo, leaf: LeafIndex, text: string): IndexedPassage[] {
  return splitAtSections(info.sections, { leaf, start: 0, end: text.length }).flatMap(({ span }) =>
    splitPassages(text.slice(span.start, span.end), info.language).map((range) => {
      const [start, end] = [span.start + range.start, span.start + range.end];
      return { start, end, words: indexableWords(text.slice(start, end)) };
    }),
  );
}

/**
 * Extracts what the library does not hold yet of a book's text, from the leaf the person
 * looks at outwards. What is done is kept when it is stopped halfway.
 *
 * @throws {ReaderError} what the document service throws; `call/cancelled` when stopped.
 */
export async function extractText(
  services: ShelfServices,
  info: BookInfo,
  from: LeafIndex,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: ExtractionProgress) => void },
): Promise<void> {
  const skip = services.library.texts.stored(info.id);
  const leafCount = info.leaves.length;
  let extracted = skip.length;
  onProgress({ leavesExtracted: extracted, leafCount, remainingMs: extracted === leafCount ? 0 : null });
  if (extracted === leafCount) return;

  const startedAt = performance.now();
  let batch: LeafText[] = [];
  let characters = 0;
  const flush = (): void => {
    if (batch.length === 0) return;
    storeLeaves(services, info, batch);
    extracted += batch.length;
    batch = [];
    characters = 0;
    const perLeafMs = (performance.now() - startedAt) / (extracted - skip.length);
    onProgress({ leavesExtracted: extracted, leafCount, remainingMs: perLeafMs * (leafCount - extracted) });
  };
  try {
    await services.documents.call(
      'readAll',
      { book: info.id, from, skip },
      {
        signal,
        onProgress: (leaf) => {
          if (signal.aborted) return;
          batch.push(leaf);
          characters += leaf.text.length;
          if (batch.length >= BATCH_LEAVES || characters >= BATCH_CHARACTERS) flush();
        },
      },
    );
  } finally {
    // What has arrived is worth keeping, also when the service died or the person closed the book.
    if (!signal.aborted) flush();
  }
}
