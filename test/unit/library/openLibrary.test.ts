import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataFolders, openLibrary } from '#library/index.ts';
import { leafIndex } from '#shared/domain/index.ts';
import { memoryBook } from '../../fakes/memoryDocuments.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxima-library-'));
  path = join(folder, 'deeper', 'library.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const book = memoryBook('A Book', [{ title: 'One', text: 'It began.' }]);

describe('openLibrary', () => {
  test('keeps what was saved when it is opened again', () => {
    const first = openLibrary(path);
    first.books.opened(book, '/books/a.epub', 1, 1000);
    first.books.savePosition(book.id, { leaf: leafIndex(0), offset: 3 });
    first.settings.save('app', { theme: 'dark' });
    first.dispose();

    const again = openLibrary(path);
    expect(again.damage).toBeNull();
    expect(again.books.list()).toMatchObject([
      { id: book.id, title: 'A Book', position: { leaf: 0, offset: 3 }, openedAt: 1000, present: false },
    ]);
    expect(again.settings.read('app')).toEqual({ theme: 'dark' });
    again.dispose();
  });

  test('sets a file aside that is no database, whole, and says so', () => {
    openLibrary(path).dispose();
    writeFileSync(path, 'this is not a library at all, but it is all that is left');
    const library = openLibrary(path);
    expect(library.damage).toMatchObject({ code: 'library/damaged' });
    expect(library.books.list()).toEqual([]);
    library.dispose();
    const aside = readdirSync(join(folder, 'deeper')).find((name) => name.includes('.damaged-'));
    expect(readFileSync(join(folder, 'deeper', aside ?? ''), 'utf8')).toContain('all that is left');
    expect(library.damage?.advice).toContain(aside);
  });

  test('notices pages that were overwritten in the middle', () => {
    const library = openLibrary(path);
    library.books.opened(book, '/books/a.epub', 1, 1000);
    const text = 'words '.repeat(20_000);
    library.texts.save(book.id, [{ index: leafIndex(0), text, source: 'markup' }]);
    library.dispose();
    const bytes = readFileSync(path);
    bytes.fill(0xff, 4096, bytes.length - 4096);
    writeFileSync(path, bytes);
    const next = openLibrary(path);
    expect(next.damage).toMatchObject({ code: 'library/damaged' });
    next.dispose();
  });

  test('refuses a library of a newer version and leaves it as it is', () => {
    openLibrary(path).dispose();
    const connection = new DatabaseSync(path);
    connection.exec('PRAGMA user_version = 99');
    connection.close();
    expect(() => openLibrary(path)).toThrow(expect.objectContaining({ code: 'library/newer' }));
    expect(readdirSync(join(folder, 'deeper')).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  test('keeps nothing on disk in memory', () => {
    const library = openLibrary(':memory:');
    library.books.opened(book, '/books/a.epub', 1, 1000);
    expect(library.books.list()).toHaveLength(1);
    library.dispose();
  });
});

describe('dataFolders', () => {
  test.each([
    ['linux', {}, '/home/me/.local/share/proxima'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/proxima'],
    ['darwin', {}, '/home/me/Library/Application Support/proxima'],
    ['linux', { PROXIMA_HOME: '/mine', XDG_DATA_HOME: '/data' }, '/mine'],
  ] as const)('on %s with %o', (platform, env, root) => {
    expect(dataFolders(env, platform, '/home/me')).toMatchObject({ root, library: join(root, 'library.sqlite') });
  });

  test('PROXIMA_MODELS moves the models alone', () => {
    const folders = dataFolders({ PROXIMA_HOME: '/mine', PROXIMA_MODELS: '/models' }, 'linux', '/home/me');
    expect(folders.models).toBe('/models');
    expect(folders).toMatchObject({
      cache: join('/mine', 'cache'),
      plans: join('/mine', 'plans'),
      explore: join('/mine', 'explore'),
    });
  });
});
