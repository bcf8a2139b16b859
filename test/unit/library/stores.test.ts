import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Library, openLibrary } from '#library/index.ts';
import type { ChatTurn } from '#shared/contract/index.ts';
import { answerId, chatId, leafIndex } from '#shared/domain/index.ts';
import { memoryBook } from '../../fakes/memoryDocuments.ts';

const book = memoryBook('A Book', [
  { title: 'One', text: '' },
  { title: 'Two', text: '' },
]);
const other = memoryBook('Bother', [{ title: 'Only', text: '' }]);
let library: Library;
beforeEach(() => {
  library = openLibrary(':memory:');
  library.books.opened(book, '/a.epub', 1, 10);
  library.books.opened(other, '/b.epub', 1, 20);
});
afterEach(() => library.dispose());

const turn = (id: string, askedAt: number): ChatTurn => ({
  answerId: answerId(id),
  question: `Question ${id}?`,
  scope: { kind: 'whole' },
  answer: 'An answer.',
  state: 'finished',
  statement: 'Read it.',
  evidence: [],
  notFound: false,
  unsupportedWords: ['Nemo'],
  model: 'm',
  policy: 'pod',
  cacheBytes: 1,
  denseFp16Bytes: 2,
  askedAt,
});

describe('books', () => {
  test('the one opened last comes first', () => {
    expect(library.books.list().map(({ title }) => title)).toEqual(['Bother', 'A Book']);
    library.books.opened(book, '/moved.epub', 1, 30);
    expect(library.books.list().map(({ path }) => path)).toEqual(['/moved.epub', '/b.epub']);
  });

  test('tells whether stored texts still hold', () => {
    expect(library.books.opened(book, '/a.epub', 1, 40)).toBe(true);
    expect(library.books.opened(book, '/a.epub', 2, 41)).toBe(false);
  });

  test('an unknown book is an error with advice', () => {
    library.removeBook(book.id);
    expect(() => library.texts.stored(book.id)).toThrow(expect.objectContaining({ code: 'input/unknownBook' }));
  });
});

describe('texts', () => {
  test('are read back by leaf and by range, in reading order', () => {
    library.texts.save(book.id, [
      { index: leafIndex(1), text: 'zwei 𝔄', source: 'markup' },
      { index: leafIndex(0), text: '', source: 'none' },
    ]);
    expect(library.texts.stored(book.id)).toEqual([0, 1]);
    expect(library.texts.leaf(book.id, leafIndex(1))).toEqual({ index: 1, text: 'zwei 𝔄', source: 'markup' });
    expect(library.texts.range(book.id, leafIndex(0), leafIndex(5)).map(({ source }) => source)).toEqual([
      'none',
      'markup',
    ]);
    expect(library.texts.leaf(other.id, leafIndex(0))).toBeNull();
  });

  test('a failed transaction leaves nothing', () => {
    const work = (): void =>
      library.transaction(() => {
        library.texts.save(book.id, [{ index: leafIndex(0), text: 'half', source: 'markup' }]);
        throw new Error('stop');
      });
    expect(work).toThrow('stop');
    expect(library.texts.stored(book.id)).toEqual([]);
  });
});

describe('passages', () => {
  const save = (leaf: number, ...words: string[]): void =>
    library.passages.save(
      book.id,
      leafIndex(leaf),
      words.map((each, place) => ({ start: place * 100, end: place * 100 + 50, words: each })),
    );

  test('are found without accents and case, best first, and only in their book', () => {
    save(0, 'Café society', 'the cafe by the cafe, a cafe');
    library.passages.save(other.id, leafIndex(0), [{ start: 0, end: 9, words: 'cafe' }]);
    expect(library.passages.match(book.id, '"cafe"', 10).map(({ span }) => span.start)).toEqual([100, 0]);
    expect(library.passages.count(book.id, '"cafe"')).toBe(2);
    expect(library.passages.count(other.id, '"cafe"')).toBe(1);
  });

  test('a leaf that is saved again replaces what was there', () => {
    save(0, 'whale', 'whale');
    save(1, 'whale');
    save(0, 'ship');
    expect(library.passages.matchInOrder(book.id, '"whale"').map(({ span }) => span.leaf)).toEqual([1]);
    expect(library.passages.spans(book.id)).toHaveLength(2);
  });

  test('go with their book, and come back with it', () => {
    save(0, 'whale');
    library.removeBook(book.id);
    library.books.opened(book, '/a.epub', 1, 50);
    expect(library.passages.count(book.id, '"whale"')).toBe(0);
    save(0, 'whale');
    expect(library.passages.count(book.id, '"whale"')).toBe(1);
  });
});

describe('turns', () => {
  test('come back as they were, the oldest first', () => {
    library.chats.save(book.id, chatId('c'), turn('2', 2));
    library.chats.save(book.id, chatId('c'), turn('1', 1));
    expect(library.chats.turns(book.id)).toEqual([turn('1', 1), turn('2', 2)]);
    expect(library.chats.recent(chatId('c'), 1)).toEqual([turn('2', 2)]);
    library.chats.clear(book.id);
    expect(library.chats.turns(book.id)).toEqual([]);
  });

  test('go with their book', () => {
    library.chats.save(book.id, chatId('c'), turn('1', 1));
    library.removeBook(book.id);
    expect(library.chats.recent(chatId('c'), 5)).toEqual([]);
  });
});
