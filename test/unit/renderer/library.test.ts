import { expect, it } from 'vitest';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { createLibraryStore } from '../../../src/renderer/features/library/libraryStore.ts';
import { progressOf } from '../../../src/renderer/features/library/progressOf.ts';
import type { OpenedBook } from '../../../src/shared/contract/index.ts';
import { leafIndex } from '../../../src/shared/domain/index.ts';
import { DocumentError } from '../../../src/shared/errors/index.ts';
import { type Answers, FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleOpened, sampleShelf } from '../../fakes/sampleBook.ts';

function shelf(answers: Answers) {
  const opened: [OpenedBook, string | undefined][] = [];
  const fake = new FakeBridge({ 'books.list': () => sampleShelf, 'books.open': () => sampleOpened, ...answers });
  const store = createLibraryStore(createBridge(fake), (book, password) => opened.push([book, password]));
  return { fake, store, opened };
}

it('offers the path field once the host has said that it has no dialog', async () => {
  const { store } = shelf({ 'books.pick': () => ({ paths: [], dialogAvailable: false }) });
  await store.getState().pick();
  expect(store.getState().dialogAvailable).toBe(false);
});

it('keeps the path and the reason of a file that does not open, and loses no book of the shelf', async () => {
  const { store, opened } = shelf({
    'books.open': () => {
      throw new DocumentError('document/damaged', 'It ends on page 3.', { advice: 'Copy it again.' });
    },
  });
  await store.getState().refresh();
  await store.getState().open('/broken.pdf');
  expect(store.getState()).toMatchObject({
    opening: null,
    failedPath: '/broken.pdf',
    error: { advice: 'Copy it again.' },
    books: sampleShelf,
  });
  expect(opened).toEqual([]);
});

it('asks for a password, says when it was wrong, and hands the right one on to the frame', async () => {
  const { store, opened } = shelf({
    'books.open': ({ password }) => {
      if (password === 'right') return sampleOpened;
      throw new DocumentError('document/encrypted', 'It is protected.', { advice: 'Type its password.' });
    },
  });
  await store.getState().open('/secret.pdf');
  expect(store.getState()).toMatchObject({ password: { path: '/secret.pdf', wrong: false }, error: null });
  await store.getState().open('/secret.pdf', 'left');
  expect(store.getState().password?.wrong).toBe(true);
  await store.getState().open('/secret.pdf', 'right');
  expect(store.getState().password).toBeNull();
  expect(opened).toEqual([[sampleOpened, 'right']]);
});

it('puts a book back on the shelf when it could not be taken off', async () => {
  const { store } = shelf({});
  await store.getState().refresh();
  await store.getState().remove(sampleShelf[0]!.id);
  expect(store.getState().books).toEqual(sampleShelf);
  expect(store.getState().error).not.toBeNull();
});

it('fills the path field with the name of a dropped file where the host cannot tell its path', async () => {
  const { store, fake } = shelf({});
  await store.getState().openDropped(new File([], 'novel.epub'));
  expect(store.getState()).toMatchObject({ failedPath: 'novel.epub', dialogAvailable: false });
  expect(fake.inputsOf('books.open')).toEqual([]);
});

it('measures how far a book was read by its leaves', () => {
  expect(progressOf({ position: null, leafCount: 10 })).toBe(0);
  expect(progressOf({ position: { leaf: leafIndex(9), offset: 0 }, leafCount: 10 })).toBe(1);
});
