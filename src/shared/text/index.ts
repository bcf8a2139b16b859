/**
 * The public door of plain text: how pages and markup become it, and the ways back. The
 * document process and the book frame both use it, so that an offset means the same in both.
 *
 * PDF page: `pageText` and `lineRects`. Markup: `domText`. Any text: `sentences`, `quoteMatch`.
 */
export {
  BLOCK_ELEMENTS,
  type DomNode,
  type DomText,
  domText,
  localName,
  offsetOfBoundary,
  offsetOfNode,
  UNREAD_ELEMENTS,
} from './domText.ts';
export { lineRects, spanInRects } from './lineRects.ts';
export { type PageText, PDF_TEXT_OPTIONS, type PdfTextItem, pageText } from './pageText.ts';
export { type QuoteMatchOptions, quoteMatch } from './quoteMatch.ts';
export { sentences, type TextRange } from './sentences.ts';
export { type SourceRange, TextMap, type TextRun } from './textMap.ts';
