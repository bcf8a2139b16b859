import type { BookId, LeafIndex, SectionIndex } from './ids.ts';

/** The file formats Proxima reads. Markdown is text with headings. */
export type BookFormat = 'pdf' | 'epub' | 'text' | 'markdown';

/**
 * What the reader lays out at once: a page of a PDF, a spine document of an EPUB, or a
 * run of a text file. Every place in a book is a leaf and an offset in its plain text,
 * so a place is known before the leaves in front of it have been read.
 */
export interface Leaf {
  readonly index: LeafIndex;
  /** What people call it: a PDF page label ("xii", "231"), a chapter title, or "lines 1-400". */
  readonly label: string;
}

/** A place in a book: UTF-16 offset into the plain text of one leaf. */
export interface TextPosition {
  readonly leaf: LeafIndex;
  readonly offset: number;
}

/** A half-open stretch `[start, end)` of the plain text of one leaf, in UTF-16 units. */
export interface TextSpan {
  readonly leaf: LeafIndex;
  readonly start: number;
  readonly end: number;
}

/** One line of the table of contents, as the file gives it. */
export interface OutlineEntry {
  readonly title: string;
  /** Nesting depth, 0 for the top. */
  readonly depth: number;
  /** Where it leads; null when the file's own link is broken. */
  readonly target: TextPosition | null;
}

/**
 * A stretch of the book that belongs together: a chapter of the outline, or a run of
 * leaves where the file has no outline. Sections cover the book without gap or overlap, in
 * reading order: the subsections of a chapter are sections of their own that follow it with
 * greater `depth`, and the chapter's own section ends where the first of them begins.
 */
export interface Section {
  readonly index: SectionIndex;
  readonly title: string;
  readonly depth: number;
  readonly start: TextPosition;
  /** Exclusive. `offset` may be `Number.MAX_SAFE_INTEGER` for "to the end of that leaf". */
  readonly end: TextPosition;
}

/** What is known of a book as soon as it is opened, before its text has been read. */
export interface BookInfo {
  readonly id: BookId;
  readonly format: BookFormat;
  readonly title: string;
  readonly author: string | null;
  /** BCP 47 tag as the file states it, or null. */
  readonly language: string | null;
  /** 'rtl' for right-to-left books. */
  readonly direction: 'ltr' | 'rtl';
  readonly fileBytes: number;
  readonly leaves: readonly Leaf[];
  readonly outline: readonly OutlineEntry[];
  readonly sections: readonly Section[];
}

/**
 * How the text of a leaf was got. `none`: the leaf holds no text (a scan, a picture, a blank
 * page). `unreadable`: the file is damaged there, so its text is not known.
 */
export type TextSource = 'textLayer' | 'markup' | 'file' | 'none' | 'unreadable';

/** The plain text of one leaf. */
export interface LeafText {
  readonly index: LeafIndex;
  readonly text: string;
  readonly source: TextSource;
}
