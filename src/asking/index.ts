/** The public door of asking: a shelf of open books, and answers about them. Serves app and command line. */
export { type AskOptions, type AskRequest, type AskServices, askBook } from './askBook.ts';
export { BookShelf, type ExtractionState } from './bookShelf.ts';
export { estimateScope } from './estimateScope.ts';
export type { DocumentClient, EngineClient, ShelfServices } from './services.ts';
export { countTokens } from './tokenCounter.ts';
