import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type BookId, bookId } from '#shared/domain/index.ts';

/** The id of a book: first 32 hex digits of the SHA-256 of its bytes, read in pieces. */
export async function hashFile(path: string): Promise<BookId> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return bookId(hash.digest('hex').slice(0, 32));
}
