/** The public door of documents: files become books. */
export { DocumentService } from './documentService.ts';
export type { BookResource, LeafMarkup, OpenBook } from './openBook.ts';
export { type OpenDocumentOptions, openDocument } from './openDocument.ts';
