import { open, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { BookId } from '#shared/domain/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import { hashFile } from './hashFile.ts';

/** A file somebody wants to read, before its format is known. */
export interface BookFile {
  readonly path: string;
  /** File name without its ending, for books that state no title. */
  readonly name: string;
  readonly fileBytes: number;
  readonly id: BookId;
  /** The first bytes, up to 4 KiB: enough to tell formats apart. */
  readonly head: Uint8Array;
}

const HEAD_BYTES = 4096;

/**
 * Looks at a file without reading it as anything yet.
 * @throws {DocumentError} `document/notFound`, `document/empty`
 */
export async function bookFile(path: string): Promise<BookFile> {
  const stats = await stat(path).catch((cause: unknown) => {
    throw new DocumentError('document/notFound', `There is no file at ${path} that can be read.`, {
      advice: 'Check the path; the file may have been moved or renamed.',
      cause,
    });
  });
  if (!stats.isFile()) {
    throw new DocumentError('document/notFound', `${path} is not a file.`, {
      advice: 'Choose a PDF, an EPUB or a text file.',
    });
  }
  if (stats.size === 0) {
    throw new DocumentError('document/empty', `${basename(path)} is empty: it holds no bytes at all.`, {
      advice: 'Get the file again; the download may have failed.',
    });
  }
  const handle = await open(path).catch((cause: unknown) => {
    throw new DocumentError('document/notFound', `${path} may not be read.`, {
      advice: 'Check who is allowed to read the file.',
      cause,
    });
  });
  try {
    const head = new Uint8Array(Math.min(HEAD_BYTES, stats.size));
    await handle.read(head, 0, head.length, 0);
    return { path, name: basename(path, extname(path)), fileBytes: stats.size, id: await hashFile(path), head };
  } finally {
    await handle.close();
  }
}
