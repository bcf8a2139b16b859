import type { BookCard, ChatTurn, OpenedBook } from '#shared/contract/index.ts';
import {
  answerId,
  type BookInfo,
  bookId,
  type Evidence,
  type LoadedModel,
  leafIndex,
  type ModelCard,
  modelId,
  sectionIndex,
} from '#shared/domain/index.ts';

const CHAPTERS = 61;
const PAGES = 420;
const PAGES_A_CHAPTER = 6;

const chapterTitle = (chapter: number): string => `Chapter ${chapter + 1}`;

/** A made-up paged novel: 61 chapters, 420 pages, the first twelve numbered in Roman. */
export const sampleInfo: BookInfo = {
  id: bookId('00c4f1a27b9d'),
  format: 'pdf',
  title: 'Pride and Prejudice',
  author: 'Jane Austen',
  language: 'en',
  direction: 'ltr',
  fileBytes: 1_900_000,
  leaves: Array.from({ length: PAGES }, (_, index) => ({
    index: leafIndex(index),
    label:
      index < 12
        ? (['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii'][index] ?? '')
        : String(index - 11),
  })),
  outline: [
    { title: 'Volume the First', depth: 0, target: { leaf: leafIndex(12), offset: 0 } },
    ...Array.from({ length: CHAPTERS }, (_, chapter) => ({
      title: chapterTitle(chapter),
      depth: 1,
      target: { leaf: leafIndex(12 + chapter * PAGES_A_CHAPTER), offset: 0 },
    })),
  ],
  sections: Array.from({ length: CHAPTERS }, (_, chapter) => ({
    index: sectionIndex(chapter),
    title: chapterTitle(chapter),
    depth: 1,
    start: { leaf: leafIndex(12 + chapter * PAGES_A_CHAPTER), offset: 0 },
    end: { leaf: leafIndex(12 + (chapter + 1) * PAGES_A_CHAPTER), offset: 0 },
  })),
};

export const sampleOpened: OpenedBook = {
  info: sampleInfo,
  path: '/books/pride-and-prejudice.pdf',
  position: { leaf: leafIndex(86), offset: 0 },
  leavesExtracted: PAGES,
};

export const sampleModel: LoadedModel = {
  name: 'Qwen2.5-Coder-0.5B-Instruct',
  path: '/models/qwen.gguf',
  fingerprint: 'ab'.repeat(32),
  architecture: 'qwen2',
  contextTokens: 32_768,
  policy: 'pod',
  planIds: { 'pod+select': 'pod+select-1', pod: 'pod-1', 'pod+int4': 'pod+int4-1', dense: 'dense' },
  device: 'cpu',
  deviceReason: 'No GPU was found, so the processor does the work.',
  layers: 24,
  heads: 14,
  kvHeads: 2,
  headDim: 64,
  distantKeysDropped: 0.5,
};

export const sampleCard: ModelCard = {
  id: modelId('default'),
  title: 'Qwen2.5-Coder 0.5B Instruct',
  fileBytes: 491_400_064,
  contextTokens: 32_768,
  licence: 'Apache-2.0',
  note: 'Small and quick; answers short questions about what it has just read.',
  path: null,
  isDefault: true,
};

export const quickCard: ModelCard = {
  id: modelId('quick'),
  title: 'SmolLM2 135M Instruct',
  fileBytes: 98_362_432,
  contextTokens: 8192,
  licence: 'Apache-2.0',
  note: 'Very fast, for trying things out. Its answers ramble.',
  path: '/models/smol.gguf',
  isDefault: false,
};

const quote = (
  leaf: number,
  label: string,
  words: string,
  kind: Evidence['kind'],
  attentionShare: number,
): Evidence => ({
  anchor: {
    span: { leaf: leafIndex(leaf), start: 120, end: 120 + words.length },
    quote: words,
    place: { format: 'pdf', page: leaf, pageLabel: label, rects: [] },
  },
  label: `p. ${label}`,
  kind,
  attentionShare,
});

export const sampleEvidence: readonly Evidence[] = [
  quote(
    88,
    '77',
    'He was not a sensible man, and the deficiency of nature had been but little assisted by education.',
    'quoted',
    0.21,
  ),
  quote(
    84,
    '73',
    'The subjection in which his father had brought him up had given him originally great humility of manner.',
    'attended',
    0.09,
  ),
];

export const sampleTurn: ChatTurn = {
  answerId: answerId('a1'),
  question: 'Who is Mr. Collins?',
  scope: { kind: 'section', section: sectionIndex(12) },
  answer:
    'Mr. Collins is a **clergyman** and a cousin of Mr. Bennet, who will inherit Longbourn.\n\n- He is the guest of the family.\n- His patroness is *Lady Catherine de Bourgh*.',
  state: 'finished',
  statement: 'Read all of Chapter 13 (3,412 tokens). The other 60 chapters were not read.',
  notFound: false,
  unsupportedWords: [],
  evidence: sampleEvidence,
  model: sampleModel.name,
  policy: 'pod',
  cacheBytes: 24_100_000,
  denseFp16Bytes: 41_900_000,
  askedAt: 0,
};

export const notFoundTurn: ChatTurn = {
  ...sampleTurn,
  answerId: answerId('a2'),
  question: 'Who commands the submarine?',
  scope: { kind: 'whole' },
  answer: 'I did not find this in what I read: the text names no submarine and nobody who commands one.',
  statement:
    'The book does not fit at once (171,204 of 32,768 tokens). Read Chapters 18, 41 and 53; the other 58 were not read.',
  notFound: true,
  evidence: [],
};

const shelf = (
  id: string,
  title: string,
  author: string | null,
  format: string,
  leafCount: number,
  leaf: number | null,
): BookCard => ({
  id: bookId(id),
  title,
  author,
  format,
  path: `/books/${title}`,
  leafCount,
  position: leaf === null ? null : { leaf: leafIndex(leaf), offset: 0 },
  openedAt: 0,
  present: title !== 'Field notes',
});

export const sampleShelf: readonly BookCard[] = [
  shelf('00c4f1a2', 'Pride and Prejudice', 'Jane Austen', 'pdf', 420, 86),
  shelf('00a4f1a3', 'R: A Language and Environment for Statistical Computing', 'R Core Team', 'pdf', 2415, 12),
  shelf('00c4f1a4', 'Moby Dick; or, The Whale', 'Herman Melville', 'epub', 141, 140),
  shelf('00c4f1a5', 'War and Peace', 'Leo Tolstoy', 'epub', 393, null),
  shelf('00c4f1a6', 'Field notes', null, 'markdown', 4, 2),
];
