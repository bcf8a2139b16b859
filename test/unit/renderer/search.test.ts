import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { createSearchStore, SEARCH_DELAY_MS } from '../../../src/renderer/features/search/searchStore.ts';
import { bookId, leafIndex, type SearchResult } from '../../../src/shared/domain/index.ts';
import { type Answers, FakeBridge } from '../../fakes/fakeBridge.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const resultOf = (query: string, hits = 3): SearchResult => ({
  status: 'ok',
  total: hits,
  reason: null,
  hits: Array.from({ length: hits }, (_, index) => ({
    span: { leaf: leafIndex(index), start: 0, end: query.length },
    leafLabel: `p. ${index + 1}`,
    sectionTitle: '',
    snippet: query,
    marks: [[0, query.length]],
  })),
});

function open(search: NonNullable<Answers['books.search']>) {
  const fake = new FakeBridge({ 'books.search': search });
  const store = createSearchStore(createBridge(fake));
  store.getState().follow(bookId('b'));
  return { fake, store };
}

it('waits until typing rests, then searches once', async () => {
  const { fake, store } = open(({ query }) => resultOf(query));
  for (const query of ['w', 'wh', 'whale ']) store.getState().setQuery(query);
  await vi.advanceTimersByTimeAsync(SEARCH_DELAY_MS);
  expect(fake.inputsOf('books.search').map(({ query }) => query)).toEqual(['whale']);
  expect(store.getState().result?.total).toBe(3);
});

it('never lets an older answer replace a newer one', async () => {
  const { store } = open(
    ({ query }) =>
      new Promise((resolve) => {
        setTimeout(() => resolve(resultOf(query)), query === 'old' ? 900 : 10);
      }),
  );
  store.getState().setQuery('old');
  await vi.advanceTimersByTimeAsync(SEARCH_DELAY_MS);
  store.getState().setQuery('new');
  await vi.advanceTimersByTimeAsync(2000);
  expect(store.getState().result?.hits[0]?.snippet).toBe('new');
});

it('steps through the hits and wraps around at both ends', async () => {
  const { store } = open(({ query }) => resultOf(query));
  store.getState().setQuery('whale');
  await vi.advanceTimersByTimeAsync(SEARCH_DELAY_MS);
  const leaves = [-1, -1, 1, 1, 1].map((by) => store.getState().step(by as 1 | -1)?.span.leaf);
  expect(leaves).toEqual([2, 1, 2, 0, 1]);
});

it('keeps the query when a search fails', async () => {
  const { store } = open(() => {
    throw new Error('index is busy');
  });
  store.getState().setQuery('whale');
  await vi.advanceTimersByTimeAsync(SEARCH_DELAY_MS);
  expect(store.getState()).toMatchObject({ query: 'whale', busy: false, error: { message: 'index is busy' } });
});
