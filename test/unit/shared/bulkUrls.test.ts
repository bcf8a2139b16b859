import { describe, expect, it } from 'vitest';
import { bulkUrls, parseBulkUrl } from '#shared/contract/index.ts';
import { answerId, bookId, leafIndex } from '#shared/domain/index.ts';

const origin = 'https://proxima.invalid';
const book = bookId('0123456789abcdef');

describe('bulk addresses', () => {
  it('are read back as they were written', () => {
    expect(parseBulkUrl(new URL(bulkUrls.file(origin, book)))).toEqual({ kind: 'file', book });
    expect(parseBulkUrl(new URL(bulkUrls.markup(origin, book, leafIndex(7))))).toEqual({
      kind: 'markup',
      book,
      leaf: 7,
    });
    const href = 'OEBPS/images/a b/50% & #1?.png';
    expect(parseBulkUrl(new URL(bulkUrls.resource(origin, book, href)))).toEqual({ kind: 'resource', book, href });
    const request = { answerToken: 3, distantColumns: 128, pooling: 'sum' } as const;
    const answer = answerId('a-1');
    expect(parseBulkUrl(new URL(bulkUrls.mapTile(origin, answer, request)))).toEqual({
      kind: 'mapTile',
      answer,
      request,
    });
  });

  it.each([
    '/bulk/books//file',
    '/bulk/books/x/file/more',
    '/bulk/books/x/markup/-1',
    '/bulk/books/x/markup/1e3',
    '/bulk/books/x/resource',
    '/bulk/answers/x/map/1?columns=0',
    '/bulk/answers/x/map/1?columns=99999999',
    '/bulk/answers/x/map/1?columns=lots',
    '/other/books/x/file',
    '/',
  ])('that mean nothing are refused: %s', (path) => {
    expect(parseBulkUrl(new URL(origin + path))).toBeNull();
  });

  it('with a broken escape are refused, not thrown', () => {
    expect(parseBulkUrl(new URL(`${origin}/bulk/books/%E0%A4%A/file`))).toBeNull();
  });
});
