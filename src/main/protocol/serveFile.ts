import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { byteRange } from './byteRange.ts';

/**
 * Answers with a file, or with the part of it that a `Range` header asks for. The bytes are
 * streamed: a book of a gigabyte costs no memory here.
 */
export async function serveFile(path: string, request: Request, headers: Headers): Promise<Response> {
  const info = await stat(path).catch(() => null);
  if (!info?.isFile()) return new Response('Not found.', { status: 404, headers });
  headers.set('Accept-Ranges', 'bytes');
  const range = byteRange(request.headers.get('range'), info.size);
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${info.size}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range === 'whole' ? { start: 0, end: info.size } : range;
  headers.set('Content-Length', String(end - start));
  if (range !== 'whole') headers.set('Content-Range', `bytes ${start}-${end - 1}/${info.size}`);
  const status = range === 'whole' ? 200 : 206;
  if (request.method === 'HEAD' || end === start) return new Response(null, { status, headers });
  const bytes = createReadStream(path, { start, end: end - 1 });
  return new Response(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, { status, headers });
}
