import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGguf } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { ChatTemplate, Tokenizer } from '#engine/tokenizer/index.ts';
import { type EvalRow, evalRows } from '../../../eval/config.ts';
import type { EvalModel } from '../../../eval/evalModel.ts';
import { type EvalResult, ResultStore } from '../../../eval/reporting/resultStore.ts';
import { type AnswerScore, askText } from '../../../eval/running/askText.ts';
import { EvalRun } from '../../../eval/running/evalRun.ts';
import type { EvalUnit } from '../../../eval/running/evalUnits.ts';
import { RowDecoders } from '../../../eval/running/rowDecoders.ts';
import type { Question, QuestionedText } from '../../../eval/tasks/question.ts';
import { mixedPlan } from '../../fixtures/samplePlans.ts';
import { tinyGguf } from '../../fixtures/tinyGguf.ts';
import { tinyIds } from '../../fixtures/tinyIds.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-eval-run-'));
let model: EvalModel;
let rows: readonly EvalRow[];

beforeAll(async () => {
  const path = tinyGguf({ contextTokens: 4096 });
  const gguf = await openGguf(path);
  model = { name: 'tiny', path, gguf, model: describeModel(gguf), tokenizer: new Tokenizer(gguf) };
  const plan = mixedPlan(model.model, { chunkTokens: 16, windowTokens: 16 });
  rows = evalRows({ product: { pod: plan, 'pod+select': plan, 'pod+int4': plan }, usual: plan, untrained: plan });
});
afterAll(() => {
  model.gguf.close();
  rmSync(folder, { recursive: true, force: true });
});

const question = (text: string, answers: readonly string[], partId: string): Question => ({
  task: 'needle',
  question: text,
  lead: 'It is the',
  answers,
  distractors: ['rain', 'moon'],
  depth: 0.5,
  partId,
});
const text: QuestionedText = {
  id: 'text',
  parts: [
    { id: 'first', text: 'the sea and the ship '.repeat(8) },
    { id: 'second', text: 'the rain and the sea '.repeat(8) },
  ],
  questions: [
    question('What is on the sea?', ['ship'], 'first'),
    question('And what is there?', ['sea', 'ship'], 'second'),
  ],
};
const units: EvalUnit[] = [
  {
    kind: 'text',
    task: 'prose',
    document: 'prose',
    contextTokens: 96,
    digest: 'prose',
    workTokens: 96,
    ids: tinyIds(96),
    items: [
      { group: 'read', span: [40, 70] },
      { group: 'written', span: [70, 96] },
    ],
    written: [[70, 96]],
  },
  {
    kind: 'questions',
    task: 'needle',
    document: 'text',
    contextTokens: 300,
    digest: 'needle',
    workTokens: 300,
    text,
    conversations: text.questions.map((asked) => [asked]),
    writtenTokens: 0,
  },
];

const openRun = (store: ResultStore, onResult: (result: EvalResult) => void, signal?: AbortSignal) =>
  EvalRun.open({
    model,
    adapters: [],
    rows: rows.filter(({ name }) => ['dense', 'pod', 'streaming'].includes(name)),
    units,
    store,
    onResult,
    ...(signal && { signal }),
  });

describe('a run that is stopped', () => {
  it('keeps what it measured and measures only the rest the next time', async () => {
    const path = join(folder, 'results.jsonl');
    const stop = new AbortController();
    const before: EvalResult[] = [];
    const first = await openRun(
      new ResultStore(path),
      (result) => {
        before.push(result);
        if (before.length === 4) stop.abort();
      },
      stop.signal,
    );
    await expect(first.run()).rejects.toThrow(/abort/iu);
    expect(before.map(({ row, task }) => `${task} ${row}`)).toEqual([
      'prose dense',
      'prose streaming',
      'prose pod',
      'needle dense',
    ]);

    const after: EvalResult[] = [];
    const second = await openRun(new ResultStore(path), (result) => after.push(result));
    await second.run();
    expect(after.map(({ row, task }) => `${task} ${row}`)).toEqual(['needle streaming', 'needle pod']);
    expect(second.results()).toHaveLength(6);

    const third = await openRun(new ResultStore(path), (result) => after.push(result));
    await third.run();
    expect(after).toHaveLength(2);
  });
});

describe('asking', () => {
  const ask = async (decoders: RowDecoders, conversation: readonly Question[]): Promise<readonly AnswerScore[]> => {
    const reader = await decoders.reader(rows.find(({ name }) => name === 'pod')!.plan(model.model, 300));
    const { tokenizer } = model;
    const { scores } = await askText(reader, text, conversation, {
      tokenizer,
      template: new ChatTemplate(tokenizer.vocabulary),
    });
    return scores.flat();
  };

  it('scores a question on a text that was read for another one as on a text read anew', async () => {
    const decoders = new RowDecoders(model, []);
    const [one, other] = text.questions as [Question, Question];
    const fresh = await ask(decoders, [one]);
    await ask(decoders, [other]);
    expect(await ask(decoders, [one])).toEqual(fresh);
    await decoders.keepOnly([]);
  });

  it('scores each word of an answer, and in a conversation the questions one after the other', async () => {
    const decoders = new RowDecoders(model, []);
    const scores = await ask(decoders, text.questions);
    expect(scores).toHaveLength(3);
    expect(scores[0]).toEqual((await ask(decoders, text.questions.slice(0, 1)))[0]);
    for (const score of scores) {
      expect(score.lossNats).toBeGreaterThan(0);
      expect([0, 1]).toContain(score.isLikeliest);
      expect([0, 1]).toContain(score.isRightPart);
    }
    await decoders.keepOnly([]);
  });
});
