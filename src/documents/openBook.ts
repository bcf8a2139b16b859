import type { Anchor, BookInfo, LeafIndex, LeafText, TextSpan } from '#shared/domain/index.ts';

/** Markup of a leaf, fit to be shown to a person: see `sanitiseMarkup` and `filterCss`. */
export interface LeafMarkup {
  readonly html: string;
  readonly css: string;
}

/** A part of a container: a picture, a font. */
export interface BookResource {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * A book that is open in this process, whatever its format. All offsets are UTF-16 offsets
 * into the plain text of a leaf, the text that `readLeaf` gives.
 */
export interface OpenBook {
  readonly info: BookInfo;
  /**
   * Plain text of one leaf. A leaf that cannot be read gives source `unreadable`, so that
   * one bad page does not cost the rest.
   * @throws {InputError} `input/invalid` when the book has no such leaf
   */
  readLeaf(leaf: LeafIndex): Promise<LeafText>;
  /** The anchor of a span, without the white space at its ends; null when it holds no words or the round trip failed. */
  anchor(span: TextSpan): Promise<Anchor | null>;
  /** Where an anchor's words are now: at its place, or else nearest to it on that leaf; null when they are gone. */
  resolve(anchor: Anchor): Promise<TextSpan | null>;
  /**
   * Markup of a leaf of a book without pages; `domText` of it is the leaf's plain text.
   * @throws {InputError} `input/invalid` for a PDF, whose pages are drawn from the file
   */
  markup(leaf: LeafIndex): Promise<LeafMarkup>;
  /** A part of an EPUB's container by its path inside; null when there is none, and for other formats. */
  resource(href: string): Promise<BookResource | null>;
  close(): Promise<void>;
}
