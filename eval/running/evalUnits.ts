import { createHash } from 'node:crypto';
import { seededRandom } from '../../src/engine/explore/seededRandom.ts';
import type { Tokenizer } from '../../src/engine/tokenizer/index.ts';
import { sentences } from '../../src/shared/text/index.ts';
import { EVAL_SEED, type EvalBudget, SCORING_VERSION } from '../config.ts';
import { conversation } from '../tasks/conversation.ts';
import { copyText } from '../tasks/copyText.ts';
import { haystack } from '../tasks/haystack.ts';
import { type Question, type QuestionedText, type QuestionTask, questionTasks } from '../tasks/question.ts';
import { bookQuestions, guideQuestions } from '../tasks/questionFile.ts';
import type { Span } from './measureText.ts';

/** What can be asked for with `--task`. */
export const evalTasks = ['prose', 'copy', ...questionTasks] as const;

export type EvalTask = (typeof evalTasks)[number];

interface UnitBase {
  readonly task: EvalTask;
  readonly document: string;
  readonly contextTokens: number;
  /** Of all that is read and scored. */
  readonly digest: string;
  /** What a row has to do, about, in tokens that are read without being scored. */
  readonly workTokens: number;
}

/** Running text, of which spans are scored. Each group of items is read by one column of the report. */
export interface TextUnit extends UnitBase {
  readonly kind: 'text';
  readonly ids: readonly number[];
  readonly items: readonly { readonly group: string; readonly span: Span }[];
  readonly written: readonly Span[];
}

/** Questions on one text. */
export interface QuestionUnit extends UnitBase {
  readonly kind: 'questions';
  readonly text: QuestionedText;
  /** What is asked in one conversation, one conversation after the other. */
  readonly conversations: readonly (readonly Question[])[];
  readonly writtenTokens: number;
}

export type EvalUnit = TextUnit | QuestionUnit;

/** Tokens of running text that are one item: neighbours are too alike to be counted as many. */
const BLOCK_TOKENS = 64;
/** Where the first text begins: the first pages of a novel are unlike the rest. */
const START_TOKENS = 20_000;
/** Before it, distant tokens are few under any plan. */
const SCORED_FROM_TOKENS = 512;
/** What an answer takes, about, reading its question included. */
const QUESTION_TOKENS = 80;

/**
 * All that is measured with a budget, by tasks that share a text next to each other.
 * @param book token ids of a novel
 */
export async function evalUnits(
  budget: EvalBudget,
  book: readonly number[],
  tokenizer: Tokenizer,
): Promise<readonly EvalUnit[]> {
  const stretches = new Stretches(book);
  return [
    ...Array.from({ length: budget.prose.texts }, (_, text) => proseUnit(budget, stretches, text)),
    ...Array.from({ length: budget.copy.texts }, (_, text) => copyUnit(budget, stretches, text)),
    ...budget.haystack.tokens.flatMap((tokens) =>
      Array.from({ length: budget.haystack.texts }, (_, text) => {
        const prose = tokenizer.decode(stretches.next(2 * tokens)).replaceAll('\uFFFD', '');
        return haystackUnits(`${tokens}-${text}`, prose, tokens, text, tokenizer);
      }).flat(),
    ),
    ...(await passageUnits(budget, tokenizer)),
  ];
}

/** Hands out a book stretch by stretch. */
class Stretches {
  readonly #book: readonly number[];
  #at = START_TOKENS;

  constructor(book: readonly number[]) {
    this.#book = book;
  }

  next(tokens: number): readonly number[] {
    if (this.#at + tokens > this.#book.length) this.#at = 0;
    const stretch = this.#book.slice(this.#at, this.#at + tokens);
    if (stretch.length < tokens) throw new RangeError(`The book has ${stretch.length} tokens; ${tokens} are needed.`);
    this.#at += tokens;
    return stretch;
  }
}

function proseUnit({ prose }: EvalBudget, stretches: Stretches, text: number): TextUnit {
  const { tokens, writtenTokens } = prose;
  const ids = stretches.next(tokens);
  const blocks = (group: string, from: number, end: number) =>
    Array.from({ length: Math.ceil((end - from) / BLOCK_TOKENS) }, (_, block) => {
      const start = from + block * BLOCK_TOKENS;
      return { group, span: [start, Math.min(end, start + BLOCK_TOKENS)] as const };
    });
  const writtenFrom = tokens - writtenTokens;
  const items = [...blocks('read', SCORED_FROM_TOKENS, writtenFrom), ...blocks('written', writtenFrom, tokens)];
  const written = [[writtenFrom, tokens]] as const;
  return textUnit({ task: 'prose', document: `prose-${text}`, ids, items, written });
}

function copyUnit({ copy }: EvalBudget, stretches: Stretches, text: number): TextUnit {
  const { ids, parts: items } = copyText(stretches.next(copy.tokens), copy.tokens);
  return textUnit({ task: 'copy', document: `copy-${text}`, ids, items, written: items.map(({ span }) => span) });
}

function textUnit(unit: Pick<TextUnit, 'task' | 'document' | 'ids' | 'items' | 'written'>): TextUnit {
  const { length } = unit.ids;
  const tokensOf = (spans: readonly Span[]): number => spans.reduce((sum, [start, end]) => sum + end - start, 0);
  // Logits of all tokens cost about what a token costs; a few rows write, at some times that.
  const workTokens = length + tokensOf(unit.items.map(({ span }) => span)) + tokensOf(unit.written);
  return { ...unit, kind: 'text', contextTokens: length, workTokens, digest: digestOf(unit) };
}

/** Sentences of the prose until facts and prose together fill the length, and all tasks on the one text. */
function haystackUnits(
  document: string,
  prose: string,
  tokens: number,
  text: number,
  tokenizer: Tokenizer,
): QuestionUnit[] {
  const all = sentences(prose).map(({ start, end }) => prose.slice(start, end).replace(/\s+/gu, ' ').trim());
  const made = (count: number): QuestionedText =>
    haystack(document, all.slice(0, count), seededRandom(EVAL_SEED + 1000 * text + tokens));
  const lengthOf = (count: number): number => tokenizer.encodeWithin(made(count).parts[0]!.text).length;
  let [fits, tooLong] = [0, all.length + 1];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (lengthOf(middle) <= tokens) fits = middle;
    else tooLong = middle;
  }
  const questioned = made(fits);
  const tasks: readonly QuestionTask[] = ['needle', 'multiKey', 'multiValue', 'variables', 'aggregation'];
  const single = tasks.map((task) =>
    questionUnit(
      task,
      questioned,
      tokens,
      questioned.questions.filter((question) => question.task === task).map((question) => [question]),
    ),
  );
  return [...single, questionUnit('conversation', questioned, tokens, [conversation(questioned).questions])].map(
    (unit, place) => (place === 0 ? { ...unit, workTokens: unit.workTokens + tokens } : unit),
  );
}

async function passageUnits({ qa }: EvalBudget, tokenizer: Tokenizer): Promise<QuestionUnit[]> {
  const texts = [
    { task: 'qa' as const, text: await bookQuestions(qa.passages), count: qa.questions },
    { task: 'guide' as const, text: await guideQuestions(), count: qa.guideQuestions },
  ];
  return texts
    .filter(({ count }) => count > 0)
    .map(({ task, text, count }) => {
      const tokens = text.parts.reduce((sum, part) => sum + tokenizer.encodeWithin(part.text).length, 0);
      const step = text.questions.length / Math.min(count, text.questions.length);
      const chosen = text.questions.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
      const unit = questionUnit(
        task,
        text,
        tokens,
        chosen.map((question) => [question]),
        qa.writtenTokens,
      );
      return { ...unit, workTokens: unit.workTokens + tokens };
    });
}

function questionUnit(
  task: QuestionTask,
  text: QuestionedText,
  contextTokens: number,
  conversations: readonly (readonly Question[])[],
  writtenTokens = 0,
): QuestionUnit {
  const digest = digestOf({ task, parts: text.parts, conversations, writtenTokens });
  const workTokens = QUESTION_TOKENS * conversations.flat().length * (writtenTokens > 0 ? 2 : 1);
  const document = text.id;
  return { kind: 'questions', task, document, contextTokens, digest, workTokens, text, conversations, writtenTokens };
}

const digestOf = (what: object): string =>
  createHash('sha256')
    .update(JSON.stringify({ SCORING_VERSION, ...what }))
    .digest('hex')
    .slice(0, 16);
