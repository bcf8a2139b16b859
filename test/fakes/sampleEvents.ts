import { type AnswerEvent, sectionIndex } from '#shared/domain/index.ts';
import { sampleModel } from './sampleBook.ts';

type EventOf<Type extends AnswerEvent['type']> = Extract<AnswerEvent, { readonly type: Type }>;

/** The first event of an answer that read two chapters and a part of a third. */
export const startedEvent: EventOf<'started'> = {
  type: 'started',
  question: 'Who is Mr. Collins?',
  model: sampleModel.name,
  policy: 'pod',
  device: 'cpu',
  deviceReason: 'The processor, with 2 cores.',
  reading: 'picked',
  sections: [12, 13, 17].map((section) => ({
    section: sectionIndex(section),
    title: `Chapter ${section + 1}`,
    tokens: 3412,
    whole: section !== 17,
  })),
  statement: 'Read Chapters 13 and 14 and a part of 18 (9,870 tokens). The other 58 chapters were not read.',
};

/** The last event of that answer. */
export const finishedEvent: EventOf<'finished'> = {
  type: 'finished',
  reason: 'stop',
  text: 'A clergyman.',
  notFound: false,
  unsupportedWords: [],
  promptTokens: 9870,
  reusedTokens: 0,
  newTokens: 61,
  prefillMs: 52_300,
  decodeMs: 2400,
  cacheBytes: 69_000_000,
  denseBytes: 242_000_000,
  denseFp16Bytes: 121_000_000,
  policy: 'pod',
  device: 'cpu',
  deviceReason: 'The processor, with 2 cores.',
  cache: {
    policy: 'pod',
    planId: 'pod-1',
    tokens: 9931,
    nearTokens: 300,
    distantTokens: 9631,
    nearBytes: 7_000_000,
    farKeyBytes: 15_000_000,
    farValueBytes: 47_000_000,
    snapshotBytes: 0,
    cacheBytes: 69_000_000,
    denseBytes: 242_000_000,
    denseFp16Bytes: 121_000_000,
    distantKeysDropped: 0.5,
  },
};
