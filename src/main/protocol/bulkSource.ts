import type { AnswerId, BookId, LeafIndex, MapTile, MapTileRequest } from '../../shared/domain/index.ts';

/** What the bulk addresses are answered from. */
export interface BulkSource {
  /** Path of an open book's file. @throws {InputError} `input/unknownBook` when no such book is open */
  bookFile(book: BookId): string;
  markup(book: BookId, leaf: LeafIndex): Promise<{ readonly html: string; readonly css: string }>;
  resource(book: BookId, href: string): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array } | null>;
  mapTile(answer: AnswerId, request: MapTileRequest): Promise<MapTile>;
}
