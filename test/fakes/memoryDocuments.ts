import type { DocumentCalls } from '#shared/contract/index.ts';
import { type Anchor, type BookInfo, bookId, type LeafText, leafIndex, sectionIndex } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';

export interface MemoryChapter {
  readonly title: string;
  readonly text: string;
}

/** A book of chapters, one leaf each, as the document service would describe it. */
export function memoryBook(title: string, chapters: readonly MemoryChapter[]): BookInfo {
  const ends = Number.MAX_SAFE_INTEGER;
  return {
    id: bookId(Buffer.from(title).toString('hex').padEnd(32, '0').slice(0, 32)),
    format: 'epub',
    title,
    author: null,
    language: 'en',
    direction: 'ltr',
    fileBytes: 0,
    leaves: chapters.map((chapter, index) => ({ index: leafIndex(index), label: chapter.title })),
    outline: [],
    sections: chapters.map((chapter, index) => ({
      index: sectionIndex(index),
      title: chapter.title,
      depth: 0,
      start: { leaf: leafIndex(index), offset: 0 },
      end: { leaf: leafIndex(index), offset: ends },
    })),
  };
}

/** A document service over text in memory. Counts what is read, and can be made to forget or to wait. */
export class MemoryDocuments {
  readonly info: BookInfo;
  readonly readLeaves: number[] = [];
  opened = 0;
  /** Awaited before each leaf of `readAll`. */
  gate: () => Promise<void> = () => Promise.resolve();
  /** Offsets whose anchors fail their round trip. */
  readonly brokenStarts = new Set<number>();
  readonly #chapters: readonly MemoryChapter[];
  #isOpen = false;

  constructor(title: string, chapters: readonly MemoryChapter[]) {
    this.info = memoryBook(title, chapters);
    this.#chapters = chapters;
  }

  /** What a new process knows of the books of the old one. */
  forget(): void {
    this.#isOpen = false;
  }

  readonly handlers: Handlers<DocumentCalls> = {
    open: () => {
      this.opened += 1;
      this.#isOpen = true;
      return this.info;
    },
    readAll: async ({ skip }, { signal, report }) => {
      this.#requireOpen();
      const skipped = new Set<number>(skip);
      let leaves = 0;
      for (let index = 0; index < this.#chapters.length; index++) {
        if (skipped.has(index)) continue;
        await this.gate();
        signal.throwIfAborted();
        await report(this.#leaf(index));
        leaves += 1;
      }
      return { leaves };
    },
    read: ({ leaves }) => {
      this.#requireOpen();
      return leaves.map((leaf) => this.#leaf(leaf));
    },
    anchor: ({ spans }) => {
      this.#requireOpen();
      return spans.map((span): Anchor | null => {
        if (this.brokenStarts.has(span.start)) return null;
        const quote = this.#chapters[span.leaf]?.text.slice(span.start, span.end) ?? '';
        return { span, quote, place: { format: 'epub', href: `${span.leaf}.xhtml`, cfi: 'epubcfi(/6/2!/4)' } };
      });
    },
    resolve: ({ anchor }) => anchor.span,
    markup: () => ({ html: '', css: '' }),
    resource: () => null,
    close: () => null,
  };

  #leaf(index: number): LeafText {
    this.readLeaves.push(index);
    return { index: leafIndex(index), text: this.#chapters[index]?.text ?? '', source: 'markup' };
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new InputError('input/unknownBook', 'This book is not open.', { advice: 'Open it.' });
  }
}
