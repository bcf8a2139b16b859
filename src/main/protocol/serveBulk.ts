import { type BulkRequest, encodeMapTile } from '../../shared/contract/index.ts';
import { type ErrorCode, toWire } from '../../shared/errors/index.ts';
import type { BulkSource } from './bulkSource.ts';
import { serveFile } from './serveFile.ts';

/**
 * Answers a bulk address. A failure is answered with the error in its wire form as JSON, so
 * that whoever fetched can show its message and advice.
 */
export async function serveBulk(
  target: BulkRequest,
  source: BulkSource,
  request: Request,
  headers: Headers,
): Promise<Response> {
  // Parts of a book are data: opened by themselves they may do nothing.
  headers.set('Content-Security-Policy', "default-src 'none'; sandbox");
  try {
    return await answer(target, source, request, headers);
  } catch (thrown) {
    const error = toWire(thrown);
    headers.set('Content-Type', 'application/json');
    return new Response(JSON.stringify(error), { status: statusOf(error.code), headers });
  }
}

async function answer(target: BulkRequest, source: BulkSource, request: Request, headers: Headers): Promise<Response> {
  switch (target.kind) {
    case 'file':
      headers.set('Content-Type', 'application/octet-stream');
      return await serveFile(source.bookFile(target.book), request, headers);
    case 'markup': {
      const markup = await source.markup(target.book, target.leaf);
      headers.set('Content-Type', 'application/json');
      return new Response(JSON.stringify(markup), { headers });
    }
    case 'resource': {
      const resource = await source.resource(target.book, target.href);
      if (resource === null) return notFound(headers);
      headers.set('Content-Type', resource.mediaType);
      return new Response(Buffer.from(resource.bytes), { headers });
    }
    case 'mapTile': {
      const tile = await source.mapTile(target.answer, target.request);
      headers.set('Content-Type', 'application/octet-stream');
      return new Response(Buffer.from(encodeMapTile(tile)), { headers });
    }
    default:
      return target satisfies never;
  }
}

const notFound = (headers: Headers): Response => new Response('Not found.', { status: 404, headers });

const statusOf = (code: ErrorCode): number => (code.startsWith('input/') || code === 'document/notFound' ? 404 : 500);
