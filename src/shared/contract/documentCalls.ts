import type { Anchor, BookId, BookInfo, LeafIndex, LeafText, TextSpan } from '../domain/index.ts';

/** What the document process offers. It holds hostile files, so it may die without taking anything along. */
export interface DocumentCalls {
  /**
   * Opens a file, or takes the open one again. Answers before any text is extracted.
   * @throws {DocumentError} `document/*`
   */
  open: { in: { readonly path: string; readonly password?: string }; out: BookInfo; progress: never };
  /** Extracts text leaf by leaf, from `from` outwards, and reports each leaf as soon as it is read. */
  readAll: {
    in: { readonly book: BookId; readonly from: LeafIndex; readonly skip?: readonly LeafIndex[] };
    out: { readonly leaves: number };
    progress: LeafText;
  };
  /** Plain text of single leaves, read now. */
  read: {
    in: { readonly book: BookId; readonly leaves: readonly LeafIndex[] };
    out: readonly LeafText[];
    progress: never;
  };
  /** Anchors of spans; null where the round trip failed. */
  anchor: {
    in: { readonly book: BookId; readonly spans: readonly TextSpan[] };
    out: readonly (Anchor | null)[];
    progress: never;
  };
  /** The span an anchor stands for in the book as it is now; null when its words are no longer there. */
  resolve: { in: { readonly book: BookId; readonly anchor: Anchor }; out: TextSpan | null; progress: never };
  /**
   * Sanitised markup and styles of a leaf of an EPUB or a text file; `domText` of `shared/text`
   * makes the leaf's plain text of it, here and in a browser. Pictures carry
   * `data-resource="PATH"` (a path for `resource`), links inside the book
   * `data-target="LEAF:OFFSET"`, links out of it their `href`; in styles resources are
   * `url("resource:PATH")`. An EPUB's leaf is one `<div data-body>` with what the file said of
   * `html` and `body` (class, id, dir, lang, style), and `data-viewport="WIDTHxHEIGHT"` (CSS
   * pixels) where its pages have a fixed size.
   */
  markup: {
    in: { readonly book: BookId; readonly leaf: LeafIndex };
    out: { readonly html: string; readonly css: string };
    progress: never;
  };
  /** A picture, font or other part of an EPUB container by its path inside it; null when there is none. */
  resource: {
    in: { readonly book: BookId; readonly href: string };
    out: { readonly mediaType: string; readonly bytes: Uint8Array } | null;
    progress: never;
  };
  close: { in: { readonly book: BookId }; out: null; progress: never };
}
