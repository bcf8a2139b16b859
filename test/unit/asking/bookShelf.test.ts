import { afterEach, expect, test } from 'vitest';
import { BookShelf, type ExtractionState } from '#asking/index.ts';
import { scopeSpans, splitAtSections } from '#asking/scopeSpans.ts';
import { openLibrary } from '#library/index.ts';
import type { DocumentCalls } from '#shared/contract/index.ts';
import { leafIndex, type Scope, sectionIndex } from '#shared/domain/index.ts';
import { portPair, RpcClient, serveRpc } from '#shared/rpc/index.ts';
import { MemoryDocuments, memoryBook } from '../../fakes/memoryDocuments.ts';
import { askingBench } from './askingBench.ts';

const chapters = Array.from({ length: 100 }, (_, place) => ({
  title: `${place}`,
  text: `Chapter ${place} has whales.`,
}));
const library = openLibrary(':memory:');
afterEach(() => library.removeBook(memoryBook('Long', []).id));

function shelfOver(documents: MemoryDocuments): BookShelf {
  const line = portPair();
  serveRpc(line.server, documents.handlers);
  return new BookShelf({ library, documents: new RpcClient<DocumentCalls>(line.client) });
}

test('extraction goes on where it was left when the book was closed halfway', async () => {
  const documents = new MemoryDocuments('Long', chapters);
  let served = 0;
  documents.gate = () => (++served <= 70 ? Promise.resolve() : new Promise(() => undefined));
  const shelf = shelfOver(documents);
  const { info } = await shelf.open('/long.epub');
  await expect.poll(() => library.texts.stored(info.id).length).toBe(64);
  expect(shelf.search(info.id, 'whales', 3)).toMatchObject({ status: 'partial', total: 64 });
  await shelf.close(info.id);

  documents.gate = () => Promise.resolve();
  documents.readLeaves.length = 0;
  const states: ExtractionState[] = [];
  shelf.onExtraction((state) => void states.push(state));
  expect((await shelf.open('/long.epub')).leavesExtracted).toBe(64);
  await shelf.extracted(info.id);
  expect(documents.readLeaves).toEqual(Array.from({ length: 36 }, (_, place) => 64 + place));
  expect(shelf.search(info.id, 'whales', 3)).toMatchObject({ status: 'ok', total: 100 });
  expect(states.at(-1)).toMatchObject({ leavesExtracted: 100, leafCount: 100, remainingMs: 0, failed: null });
  await shelf.dispose();
});

test('a failure of extraction is told, and what was read is kept', async () => {
  const documents = new MemoryDocuments('Long', chapters);
  let served = 0;
  documents.gate = () => (++served === 40 ? Promise.reject(new Error('broken page')) : Promise.resolve());
  const shelf = shelfOver(documents);
  const states: ExtractionState[] = [];
  shelf.onExtraction((state) => void states.push(state));
  const { info } = await shelf.open('/long.epub');
  await expect.poll(() => states.at(-1)?.failed?.message).toBe('broken page');
  expect(library.texts.stored(info.id)).toHaveLength(39);
  await shelf.extracted(info.id);
  expect(library.texts.stored(info.id)).toHaveLength(100);
  await shelf.dispose();
});

test('a book that is not open is an error with advice', () => {
  const shelf = shelfOver(new MemoryDocuments('Long', chapters));
  expect(() => shelf.info(memoryBook('None', []).id)).toThrow(expect.objectContaining({ code: 'input/unknownBook' }));
});

test('a chapter holds what is nested in it, and pieces end where sections do', () => {
  const info = memoryBook('Nested', chapters.slice(0, 3));
  const sections = info.sections.map((section, place) => ({ ...section, depth: place === 1 ? 1 : 0 }));
  const nested = { ...info, sections };
  expect(scopeSpans(nested, { kind: 'section', section: sectionIndex(0) }).map(({ leaf }) => leaf)).toEqual([0, 1]);
  const leaf = leafIndex(0);
  const halves = [
    { ...sections[0]!, end: { leaf, offset: 10 } },
    { ...sections[1]!, start: { leaf, offset: 10 } },
  ];
  expect(splitAtSections(halves, { leaf, start: 4, end: 30 }).map(({ span }) => [span.start, span.end])).toEqual([
    [4, 10],
    [10, 30],
  ]);
});

test('an estimate tells what a question would read and what it costs', async () => {
  const bench = await askingBench([{ title: 'I', text: 'word '.repeat(5_000) }]);
  await bench.shelf.extracted(bench.book);
  const estimate = (scope: Scope, amount?: 'full') => bench.estimate({ scope, amount });
  expect(await estimate({ kind: 'whole' })).toMatchObject({
    status: 'ok',
    fits: true,
    tokens: 5_000,
    readTokens: 1_000,
  });
  expect(await estimate({ kind: 'whole' }, 'full')).toMatchObject({ readTokens: 5_000, cacheBytes: 540_000 });
  bench.engine.contextTokens = 4_096;
  expect(await estimate({ kind: 'section', section: sectionIndex(0) })).toMatchObject({
    fits: false,
    readTokens: 3_376,
  });
  await bench.dispose();
});
