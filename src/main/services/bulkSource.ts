import type { BulkSource } from '../protocol/bulkSource.ts';
import type { AppServices } from './appServices.ts';

/** What the bulk addresses are answered from: open books, and the engine's records of what answers attended to. */
export function bulkSource({ shelf, engineProcess }: AppServices): BulkSource {
  return {
    bookFile: (book) => shelf.path(book),
    markup: (book, leaf) => shelf.callDocuments(book, 'markup', { book, leaf }),
    resource: (book, href) => shelf.callDocuments(book, 'resource', { book, href }),
    mapTile: (answerId, request) => engineProcess.call('mapTile', { answerId, request }),
  };
}
