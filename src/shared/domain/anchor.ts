import type { TextSpan } from './book.ts';

/** A rectangle in PDF user space: points, origin at the lower left of the page. */
export interface PdfRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a span lies on a PDF page: one rectangle for each line it touches. */
export interface PdfPlace {
  readonly format: 'pdf';
  /** Counts pages from 0. */
  readonly page: number;
  /** What is printed on the page or stated by the file: "xii", "231". */
  readonly pageLabel: string;
  readonly rects: readonly PdfRect[];
}

/** Where a span lies in an EPUB: a range in the notation of EPUB CFI 1.1, section 2. */
export interface EpubPlace {
  readonly format: 'epub';
  /** Path of the spine document inside the container. */
  readonly href: string;
  /** `epubcfi(/6/8!/4/10,/1:3,/3:17)` */
  readonly cfi: string;
}

/** Where a span lies in a text file. Lines and columns count from 1. */
export interface TextPlace {
  readonly format: 'text';
  readonly line: number;
  readonly column: number;
}

/**
 * Ties a stretch of a book's plain text to its place on the page, both ways. An anchor is
 * only handed out after a round trip: its place was resolved again and gave `span` back.
 */
export interface Anchor {
  readonly span: TextSpan;
  /** The words themselves, so that a wrong place can be noticed and a lost one found again. */
  readonly quote: string;
  readonly place: PdfPlace | EpubPlace | TextPlace;
}
