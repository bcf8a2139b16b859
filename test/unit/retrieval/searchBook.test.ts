import { describe, expect, test } from 'vitest';
import { openLibrary } from '#library/index.ts';
import { indexableWords, searchBook, splitPassages } from '#retrieval/index.ts';
import { leafIndex, type SearchResult } from '#shared/domain/index.ts';
import { type MemoryChapter, memoryBook } from '../../fakes/memoryDocuments.ts';

function search(
  chapters: readonly MemoryChapter[],
  query: string,
  limit = 10,
  extracted = chapters.length,
): SearchResult {
  const info = memoryBook('Searched', chapters);
  const library = openLibrary(':memory:');
  try {
    library.books.opened(info, '/s.epub', 1, 1);
    chapters.slice(0, extracted).forEach(({ text }, leaf) => {
      const passages = splitPassages(text, 'en').map((range) => ({
        ...range,
        words: indexableWords(text.slice(range.start, range.end)),
      }));
      library.passages.save(info.id, leafIndex(leaf), passages);
    });
    return searchBook(
      {
        index: {
          match: (expression, most) => library.passages.match(info.id, expression, most),
          matchInOrder: (expression) => library.passages.matchInOrder(info.id, expression),
          count: (expression) => library.passages.count(info.id, expression),
          spans: () => library.passages.spans(info.id),
        },
        sections: info.sections,
        leavesExtracted: extracted,
        leafCount: chapters.length,
        text: (leaf) => chapters[leaf]?.text ?? '',
        label: (leaf) => chapters[leaf]?.title ?? '',
      },
      query,
      limit,
    );
  } finally {
    library.dispose();
  }
}

const chapters = [
  { title: 'I', text: 'The white whale rose. A whale, a WHALE!\n\nNobody spoke of the Pequod’s mate.' },
  { title: 'II', text: 'Café Noir lay by the harbour. The mate drank whale oil there; naïve, but true.' },
];
const shown = ({ hits }: SearchResult): string[] =>
  hits.map(({ snippet, marks }) => marks.map(([start, end]) => snippet.slice(start, end)).join('+'));

describe('searchBook', () => {
  test('counts every place and describes as many as asked for', () => {
    const result = search(chapters, 'whale', 2);
    expect(result).toMatchObject({ status: 'ok', total: 4, reason: null });
    expect(shown(result)).toEqual(['whale', 'whale']);
    expect(result.hits[0]).toMatchObject({ leafLabel: 'I', sectionTitle: 'I', span: { leaf: 0, start: 10, end: 15 } });
  });

  test('finds words that follow each other, also across a line and a sentence end', () => {
    expect(shown(search(chapters, 'whale a whale'))).toEqual(['whale, a WHALE']);
    expect(shown(search(chapters, 'WHALE nobody'))).toEqual(['WHALE!  Nobody']);
  });

  test('takes the last word as unfinished, the others as whole', () => {
    expect(shown(search(chapters, 'white wha'))).toEqual(['white wha']);
    expect(search(chapters, 'whi whale').total).toBe(0);
  });

  test('accents and case do not count', () => {
    expect(shown(search(chapters, 'cafe NOIR'))).toEqual(['Café Noir']);
    expect(shown(search(chapters, 'naive'))).toEqual(['naïve']);
  });

  test('words that stand apart are found by passage, each marked', () => {
    expect(shown(search(chapters, 'oil mate'))).toEqual(['mate+oil']);
  });

  test('punctuation in the query is no syntax', () => {
    expect(search(chapters, '"whale" AND (').total).toBe(0);
    expect(search(chapters, '*^"').hits).toEqual([]);
  });

  test('finds any substring in scripts without spaces', () => {
    const result = search([{ title: '一', text: '山路を登りながら、こう考えた。' }], '登りなが');
    expect(shown(result)).toEqual(['登りなが']);
  });

  test('offsets hold where folding changes the length', () => {
    const text = 'ﬁﬂﬀ İstanbul — the whale';
    const { hits } = search([{ title: 'I', text }], 'whale');
    expect(text.slice(hits[0]?.span.start, hits[0]?.span.end)).toBe('whale');
  });

  test('says what has not been searched yet', () => {
    expect(search(chapters, 'whale', 5, 1)).toMatchObject({
      status: 'partial',
      total: 3,
      reason: expect.stringContaining('1 of 2') as string,
    });
    expect(search(chapters, 'whale', 5, 0)).toMatchObject({ status: 'notIndexed', total: 0 });
  });
});
