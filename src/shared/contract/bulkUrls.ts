import type { AnswerId, BookId, LeafIndex, MapTileRequest } from '../domain/index.ts';
import { answerId, bookId, leafIndex } from '../domain/index.ts';

/**
 * Addresses of bulk bytes on the app's own protocol. IPC carries small JSON only; whatever
 * is large or binary is fetched from here, with range requests where they help.
 */
export const bulkUrls = {
  /** The bytes of a book's file; answers range requests. */
  file: (origin: string, book: BookId): string => `${origin}/bulk/books/${book}/file`,
  /** `{ html, css }` of one leaf of a book without pages. */
  markup: (origin: string, book: BookId, leaf: LeafIndex): string => `${origin}/bulk/books/${book}/markup/${leaf}`,
  /** A part of an EPUB container. `href` is its path inside the container. */
  resource: (origin: string, book: BookId, href: string): string =>
    `${origin}/bulk/books/${book}/resource/${href.split('/').map(encodeURIComponent).join('/')}`,
  /** The map of one answer token, in the layout of `mapTileBytes`. */
  mapTile: (origin: string, answer: AnswerId, request: MapTileRequest): string =>
    `${origin}/bulk/answers/${answer}/map/${request.answerToken}?columns=${request.distantColumns}&pooling=${request.pooling}`,
} as const;

/** What a bulk address asks for. */
export type BulkRequest =
  | { readonly kind: 'file'; readonly book: BookId }
  | { readonly kind: 'markup'; readonly book: BookId; readonly leaf: LeafIndex }
  | { readonly kind: 'resource'; readonly book: BookId; readonly href: string }
  | { readonly kind: 'mapTile'; readonly answer: AnswerId; readonly request: MapTileRequest };

/** Reads a bulk address; null when it is none. The inverse of `bulkUrls`. */
export function parseBulkUrl(url: URL): BulkRequest | null {
  const [root, family, id, kind, ...rest] = decodedSegments(url.pathname);
  if (root !== 'bulk' || !id) return null;
  if (family === 'books') {
    const book = bookId(id);
    if (kind === 'file' && rest.length === 0) return { kind, book };
    if (kind === 'markup' && rest.length === 1 && isCount(rest[0]))
      return { kind, book, leaf: leafIndex(Number(rest[0])) };
    if (kind === 'resource' && rest.length > 0) return { kind, book, href: rest.join('/') };
    return null;
  }
  if (family === 'answers' && kind === 'map' && rest.length === 1 && isCount(rest[0])) {
    const columns = Number(url.searchParams.get('columns') ?? '256');
    if (!Number.isInteger(columns) || columns < 1 || columns > MAX_MAP_COLUMNS) return null;
    return {
      kind: 'mapTile',
      answer: answerId(id),
      request: {
        answerToken: Number(rest[0]),
        distantColumns: columns,
        pooling: url.searchParams.get('pooling') === 'sum' ? 'sum' : 'max',
      },
    };
  }
  return null;
}

/** More columns than any screen has pixels help nobody. */
const MAX_MAP_COLUMNS = 4096;

const isCount = (text: string | undefined): text is string => text !== undefined && /^\d{1,9}$/.test(text);

/** The parts of a path, decoded; none when an escape is broken, since such an address was not made by us. */
function decodedSegments(pathname: string): string[] {
  try {
    return pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return [];
  }
}
