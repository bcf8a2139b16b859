import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Evidence, leafIndex, type PolicyName } from '#shared/domain/index.ts';
import { holdsWords } from '../../../eval/scoring/holdsWords.ts';
import { MAX_TALK_ANSWER_TOKENS } from '../../../eval/talks/holdTalk.ts';
import { scoreTurn } from '../../../eval/talks/scoreTurn.ts';
import type { Talk, TalkQuestion } from '../../../eval/talks/talk.ts';
import { talkReport } from '../../../eval/talks/talkReport.ts';
import { TalkRun } from '../../../eval/talks/talkRun.ts';
import { type TalkResult, TalkStore, type TalkTurn } from '../../../eval/talks/talkStore.ts';
import { tellingParagraphs } from '../../../eval/talks/tellingParagraphs.ts';
import { type AskingBench, askingBench } from '../asking/askingBench.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-talks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the words of an answer', () => {
  it.each([
    ['Press ctrl + O.', [['Ctrl+O']], true],
    ['The house was “Lucas\nLodge”, near Meryton.', [['Lucas Lodge']], true],
    ['She was twenty seven.', [['twenty-seven', '27']], true],
    ['She was 27 years old.', [['twenty-seven', '27']], true],
    ['She was 270 years old.', [['twenty-seven', '27']], false],
    ['He has £10,000 a year.', [['ten thousand', '10,000']], true],
    ['He has 10000 a year.', [['ten thousand', '10,000']], true],
    ['He has 10 a year.', [['ten thousand', '10,000']], false],
    ['It reads PDF and EPUB.', [['PDF'], ['EPUB']], true],
    ['It reads PDF.', [['PDF'], ['EPUB']], false],
    ['', [['PDF']], false],
  ])('%j for %j: %j', (answer, wanted, holds) => {
    expect(holdsWords(answer, wanted)).toBe(holds);
  });
});

const HOUSE = 'The house stood on a hill, and people called it the Old Mill.';
const AGE = 'The eldest daughter was a sensible woman of about twenty-seven.';
const WEATHER = 'It rained on most days of that long and idle summer.';
const text = `${WEATHER} ${WEATHER}\n\n${HOUSE} ${WEATHER}\n\n${AGE}`;
const leaves = [{ index: leafIndex(0), text, source: 'markup' as const }];
const house: TalkQuestion = {
  question: 'What is the house called?',
  words: [['Old Mill']],
  sources: ['people called it the Old Mill'],
};
const age: TalkQuestion = {
  question: 'And how old is the daughter?',
  words: [['twenty-seven', '27']],
  sources: ['woman of about twenty-seven'],
};

describe('the paragraphs that tell an answer', () => {
  it('are those that hold a source, from end to end', () => {
    const spans = tellingParagraphs(leaves, [...house.sources, ...age.sources]);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([`${HOUSE} ${WEATHER}`, AGE]);
  });

  it('are refused for a source that stands nowhere', () => {
    expect(() => tellingParagraphs(leaves, ['people called it the New Mill'])).toThrow(
      expect.objectContaining({ code: 'input/invalid' }),
    );
  });
});

describe('the score of a turn', () => {
  const telling = tellingParagraphs(leaves, house.sources);
  const shown = (kind: Evidence['kind'], sentence: string, at = text.indexOf(sentence)): Evidence => ({
    kind,
    label: 'I',
    attentionShare: 0.5,
    anchor: {
      quote: sentence,
      span: { leaf: leafIndex(0), start: at, end: at + sentence.length },
      place: { format: 'text', line: 1, column: 1 },
    },
  });
  const score = (evidence: readonly Evidence[], answer = 'It is the Old Mill.', notFound = false, read = [text]) =>
    scoreTurn(house, { text: answer, notFound, evidence, readTexts: read }, telling);

  it('takes a sentence of the paragraph, the quoted one before the attended one', () => {
    expect(score([shown('attended', WEATHER, 0), shown('quoted', HOUSE)]).passage).toBe('quoted');
    expect(score([shown('attended', HOUSE), shown('quoted', AGE)]).passage).toBe('attended');
    expect(score([shown('attended', HOUSE), shown('quoted', HOUSE)]).passage).toBe('quoted');
    expect(score([shown('quoted', AGE)]).passage).toBe('none');
    expect(score([]).passage).toBe('none');
  });

  it('goes by the place and not by the words: the same sentence stands elsewhere, too', () => {
    expect(score([shown('quoted', WEATHER, 0)]).passage).toBe('none');
    expect(score([shown('quoted', WEATHER, text.lastIndexOf(WEATHER))]).passage).toBe('quoted');
  });

  it('does not count words of an answer that is shown as not found', () => {
    expect(score([]).words).toBe(true);
    expect(score([], 'It is the New Mill.').words).toBe(false);
    expect(score([], 'It is the Old Mill.', true).words).toBe(false);
  });

  it('tells whether the model was given such a paragraph', () => {
    expect(score([]).wasRead).toBe(true);
    expect(score([], 'It is the Old Mill.', false, [AGE]).wasRead).toBe(false);
  });
});

describe('the run', () => {
  let bench: AskingBench;
  afterEach(() => bench.dispose());

  const talk: Talk = { document: 'novel', amount: 'full', path: '/the-book.epub', questions: [house, age] };
  const answer = (prompt: string): string =>
    prompt.endsWith(house.question) ? `The house on the hill is called the Old Mill. ${'And so on. '.repeat(3)}` : AGE;
  const open = (
    store: TalkStore,
    policies: readonly PolicyName[],
    signal = new AbortController().signal,
    asked = talk,
  ) => {
    const told: string[] = [];
    const run = TalkRun.open({
      services: bench.services,
      modelName: 'scripted',
      models: policies.map((policy) => ({ load: { modelPath: '/scripted.gguf', policy }, digest: policy })),
      talks: [asked],
      store,
      signal,
      onProgress: (done, total) => void told.push(`${done}/${total}`),
    });
    return { run, told };
  };

  it('asks one question after the other, with the turns before it, and judges what is shown', async () => {
    bench = await askingBench([{ title: 'I', text }], answer);
    const { run, told } = open(new TalkStore(join(folder, 'asked.jsonl')), ['pod']);
    await (await run).run();
    expect(told).toEqual(['1/2', '2/2']);
    expect(bench.engine.requests.map(({ maxNewTokens }) => maxNewTokens)).toEqual([
      MAX_TALK_ANSWER_TOKENS,
      MAX_TALK_ANSWER_TOKENS,
    ]);
    expect(bench.engine.lastPrompt).toContain(`Earlier question: ${house.question}\nAnswer: The house on the hill`);
    const [result] = (await run).results();
    expect(result).toMatchObject({ model: 'scripted', policy: 'pod', document: 'novel', title: 'The Book' });
    expect(result!.turns).toMatchObject([
      { question: house.question, isWhole: true, passage: 'quoted', words: true, wasRead: true, cacheBytes: 100 },
      { question: age.question, answer: AGE, passage: 'quoted', words: true, wasRead: true },
    ]);
  });

  it('asks about the part of a document that a talk names, which is another conversation than on all of it', async () => {
    bench = await askingBench(
      [
        { title: 'I', text: WEATHER },
        { title: 'II', text },
      ],
      answer,
    );
    const store = new TalkStore(join(folder, 'part.jsonl'));
    const part = { title: 'its second chapter', first: 1, last: 1 };
    const { run } = open(store, ['dense'], undefined, { ...talk, part });
    await (await run).run();
    expect(
      bench.engine.requests[0]!.messages.flatMap(({ parts }) => parts).filter(({ source }) => source),
    ).toHaveLength(1);
    const results = (await run).results();
    expect(results).toMatchObject([{ part: 'its second chapter', turns: [{ wasRead: true }, { wasRead: true }] }]);
    expect(talkReport(results, ['dense'])).toContain('**The Book** (its second chapter)');
    expect((await open(store, ['dense']).run).results()).toEqual([]);
  });

  it('goes on where it was stopped: a conversation that was cut begins again, one that ended stays', async () => {
    bench = await askingBench([{ title: 'I', text }], answer);
    const path = join(folder, 'stopped.jsonl');
    const stop = new AbortController();
    bench.engine.beforeAnswer = () => {
      if (bench.engine.requests.length === 4) stop.abort();
      return Promise.resolve();
    };
    const first = open(new TalkStore(path), ['pod', 'dense'], stop.signal);
    await expect((await first.run).run()).rejects.toThrow(/abort/iu);
    expect(first.told).toEqual(['1/4', '2/4', '3/4']);

    const second = open(new TalkStore(path), ['pod', 'dense']);
    await (await second.run).run();
    expect(second.told).toEqual(['1/2', '2/2']);
    expect(bench.engine.requests).toHaveLength(6);
    // A conversation of its own, without the turns of the one that was cut.
    expect(
      bench.engine.requests[4]!.messages.flatMap(({ parts }) => parts.map((part) => part.text)).join(),
    ).not.toContain('Earlier question');
    expect((await second.run).results().map(({ policy }) => policy)).toEqual(['pod', 'dense']);
  });

  it('ends with what an answer failed with, and keeps nothing of that conversation', async () => {
    bench = await askingBench([{ title: 'I', text }], answer);
    bench.engine.beforeAnswer = () => Promise.reject(new Error('The engine broke.'));
    const { run } = open(new TalkStore(join(folder, 'failed.jsonl')), ['pod']);
    await expect((await run).run()).rejects.toThrow('The engine broke.');
    expect((await run).results()).toEqual([]);
  });
});

describe('the tables', () => {
  const turn = (more: Partial<TalkTurn>): TalkTurn => ({
    question: 'What is the house called?',
    expected: [['Old Mill']],
    answer: 'The Old Mill.',
    isWhole: true,
    notFound: false,
    passage: 'quoted',
    words: true,
    wasRead: true,
    evidence: [],
    promptTokens: 500,
    reusedTokens: 0,
    newTokens: 5,
    cacheBytes: 1e6,
    snapshotBytes: 0,
    denseFp16Bytes: 2e6,
    milliseconds: 1500,
    ...more,
  });
  const second = { question: 'And how old?', expected: [['twenty-seven', '27'], ['daughter']], reusedTokens: 400 };
  const held = (policy: string, turns: readonly TalkTurn[]): TalkResult => ({
    key: policy,
    date: '2026-11-29',
    model: 'quick',
    policy,
    document: 'novel',
    title: 'The Book',
    amount: 'brief',
    turns: [...turns],
  });
  const results = [
    held('pod+select', [
      turn({}),
      turn({
        ...second,
        answer: 'Old |\n\nand <b>',
        isWhole: false,
        passage: 'none',
        wasRead: false,
        words: false,
        cacheBytes: 3e6,
        snapshotBytes: 1e6,
      }),
    ]),
    held('dense', [
      turn({ cacheBytes: 4e6 }),
      turn({ ...second, answer: 'She is 27.', passage: 'attended', cacheBytes: 4e6 }),
    ]),
  ];
  const report = talkReport(results, ['pod+select', 'dense']);

  it('set the answers side by side', () => {
    expect(report).toContain('Model `quick`, 2026-11-29.');
    expect(report).toContain('**The Book** (of the whole document, passages picked for each question)');
    expect(report.split('\n').filter((line) => /^\| (?:asked|\d)/u.test(line))).toEqual([
      '| asked, *expected* | `pod+select` | `dense` |',
      '| 1. What is the house called?<br>*Old Mill* | The Old Mill.<br>✓ passage (quoted), ✓ words | *as `pod+select`*<br>✓ passage (quoted), ✓ words |',
      '| 2. And how old?<br>*twenty-seven or 27; daughter* | Old \\| and &lt;b> [cut]<br>✗ passage (not read), ✗ words | She is 27.<br>✓ passage (attended), ✓ words |',
    ]);
  });

  it('add up below', () => {
    expect(report.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
      '| `pod+select` | 1/2 | 1/2 | 1/2 | 1/2 | 1/2 | 3.0 | 600 of 1000 | 1.5 MB, 75 % | 0.5 MB |',
      '| `dense` | 2/2 | 1/2 | 2/2 | 2/2 | 2/2 | 3.0 | 600 of 1000 | 4.0 MB, 200 % | 0.0 MB |',
    ]);
  });

  it('do without what was not held yet', () => {
    const some = talkReport(results.slice(0, 1), ['pod+select', 'dense']);
    expect(some).not.toContain('`dense` |\n');
    expect(some).toContain('| `pod+select` | 1/2 | 1/2 | 1/2 | 1/2 |  | 3.0 |');
  });
});
