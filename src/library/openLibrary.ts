import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { LibraryError } from '#shared/errors/index.ts';
import { Database, damaged } from './database.ts';
import { Library } from './library.ts';
import { migrate } from './migrations/index.ts';

/**
 * Opens the library at `path`, and makes it when there is none. A damaged file is never
 * used, repaired or deleted: it is set aside under another name with its journal, a new
 * library is started, and `library.damage` says so.
 *
 * @param path The SQLite file, or `:memory:` for a library that is gone when it is disposed.
 * @throws {LibraryError} `library/busy` when another process holds it, `library/newer` when a later Proxima wrote it.
 */
export function openLibrary(path: string): Library {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  try {
    return new Library(openChecked(path), null);
  } catch (thrown) {
    if (!(thrown instanceof LibraryError) || thrown.code !== 'library/damaged') throw thrown;
    const aside = setAside(path);
    const damage = new LibraryError('library/damaged', thrown.message, {
      advice: `The damaged file is kept as ${aside}; a new library was started. Open your books again: they are untouched.`,
      cause: thrown,
    });
    return new Library(openChecked(path), damage);
  }
}

function openChecked(path: string): Database {
  const database = new Database(path);
  try {
    // Reads every page of the file: about 0.3 s for 100 MB, and it finds what a later query would stumble over.
    const finding = database.get('PRAGMA quick_check(1)')?.['quick_check'];
    if (finding !== 'ok') throw damaged(path, String(finding));
    migrate(database);
    return database;
  } catch (thrown) {
    database.dispose();
    throw thrown;
  }
}

/** Renames the file and its journals. @returns the new name */
function setAside(path: string): string {
  const { dir, name, ext } = parse(path);
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const aside = join(dir, `${name}.damaged-${stamp}${ext}`);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}
