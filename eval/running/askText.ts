import { AttentionRecord } from '../../src/engine/attention/attentionRecord.ts';
import { Sampler } from '../../src/engine/decode/sampler.ts';
import type { Sequence, StepResult } from '../../src/engine/decode/sequence.ts';
import type { ChatTemplate, Tokenizer } from '../../src/engine/tokenizer/index.ts';
import type { CacheReport } from '../../src/shared/domain/index.ts';
import { exactMatch, firstSentence, tokenF1 } from '../scoring/answerScores.ts';
import { tokenLoss } from '../scoring/positionScore.ts';
import type { Question, QuestionedText } from '../tasks/question.ts';
import { type AnswerSpan, type AskedText, layOutQuestions } from './layOutQuestions.ts';
import { readOn, type TextReader } from './textReader.ts';

/** What a model made of one question. Shares are 0 to 1. */
export interface AnswerScore {
  /** Of the right answer after its lead, mean over its tokens. */
  readonly lossNats: number;
  /** Share of the asked words whose first token is likelier than that of every wrong answer; absent without wrong answers. */
  readonly isLikeliest?: number;
  /** Share of the asked words that the model would have written itself, each token being its first choice. */
  readonly isFirstChoice: number;
  /** Of the answer that the model wrote after the lead; absent where it was not asked to write. */
  readonly exactMatch?: number;
  readonly tokenF1?: number;
  /** Whether the part of the text that holds the answer got most attention for its length; absent for texts in one part. */
  readonly isRightPart?: number;
}

export interface AskOptions {
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  /** Tokens to let the model write itself after the lead. @default 0 */
  readonly writtenTokens?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Scores of questions asked in one conversation, in their order, and the cache at its end. */
export interface AskedScores {
  readonly scores: readonly AnswerScore[];
  readonly cache: CacheReport;
}

/** Asks questions in one conversation; each is followed by its right answer, which the model is given. */
export async function askText(
  reader: TextReader,
  text: QuestionedText,
  questions: readonly Question[],
  options: AskOptions,
): Promise<AskedScores> {
  const { tokenizer, template, writtenTokens = 0, signal } = options;
  const asked = layOutQuestions(text, questions, tokenizer, template);
  const textEnd = asked.parts.at(-1)!.span[1];
  const start = asked.answers[0]!.words[0]![0];
  const scores: AnswerScore[] = [];
  const prompt = await reader.read(asked.ids.slice(0, start), textEnd, signal);
  const { sequence } = prompt;
  let { step } = prompt;
  let at = start;
  for (const answer of asked.answers) {
    const last = answer.words.at(-1)![1];
    const told = new TellingAnswer(reader, asked, answer);
    if (at < answer.words[0]![0]) {
      step = await readOn(sequence, asked.ids.slice(at, answer.words[0]![0]), signal);
      at = answer.words[0]![0];
    }
    for (;;) {
      told.add(at, step);
      at += 1;
      if (at >= asked.ids.length) break;
      signal?.throwIfAborted();
      step = await sequence.step(asked.ids[at - 1]!, { allLogits: true });
      if (at >= last) break;
    }
    scores.push(told.score());
  }
  const cache = sequence.report();
  if (writtenTokens === 0) return { scores, cache };
  const again = await reader.read(asked.ids.slice(0, start), textEnd, signal);
  const given = firstSentence(await write(again.sequence, again.step, writtenTokens, tokenizer));
  const accepted = questions[0]!.answers;
  const written = { exactMatch: Number(exactMatch(given, accepted)), tokenF1: tokenF1(given, accepted) };
  return { scores: scores.map((score, index) => (index === 0 ? { ...score, ...written } : score)), cache };
}

/** Gathers what the steps that tell one answer say. */
class TellingAnswer {
  readonly #asked: AskedText;
  readonly #answer: AnswerSpan;
  readonly #record: AttentionRecord;
  readonly #losses: number[] = [];
  readonly #isFirst: boolean[];
  readonly #isLikeliest: boolean[] = [];

  constructor(reader: TextReader, asked: AskedText, answer: AnswerSpan) {
    this.#asked = asked;
    this.#answer = answer;
    this.#record = new AttentionRecord(reader.decoder.plan, answer.words[0]![0]);
    this.#isFirst = answer.words.map(() => true);
  }

  /** @param step whose logits are of the token at `position` */
  add(position: number, { logits, attention }: StepResult): void {
    const word = this.#answer.words.findIndex(([start, end]) => position >= start && position < end);
    if (word < 0) return;
    const id = this.#asked.ids[position]!;
    const { lossNats, likeliest } = tokenLoss(logits, id);
    this.#losses.push(lossNats);
    this.#isFirst[word] &&= likeliest === id;
    const wrong = this.#answer.wrongFirstIds[word]!;
    if (position === this.#answer.words[word]![0] && wrong.length > 0) {
      this.#isLikeliest.push(wrong.every((other) => logits[id]! > logits[other]!));
    }
    if (this.#asked.parts.length > 1) this.#record.add('', attention);
  }

  score(): AnswerScore {
    const { parts } = this.#asked;
    const { partId } = this.#answer.question;
    const attended = this.#record
      .attended(parts.map(({ span }) => span))
      .map((mass, part) => mass / (parts[part]!.span[1] - parts[part]!.span[0]));
    const most = parts[attended.indexOf(Math.max(...attended))]!.id;
    return {
      lossNats: mean(this.#losses),
      ...(this.#isLikeliest.length > 0 && { isLikeliest: mean(this.#isLikeliest.map(Number)) }),
      isFirstChoice: mean(this.#isFirst.map(Number)),
      ...(partId !== undefined && parts.length > 1 && { isRightPart: Number(most === partId) }),
    };
  }
}

/** What the model writes by itself, its first choice each time, until it ends its turn. */
async function write(sequence: Sequence, first: StepResult, tokens: number, tokenizer: Tokenizer): Promise<string> {
  const sampler = new Sampler({ repetitionPenalty: 1 });
  const ids: number[] = [];
  let step = first;
  for (;;) {
    const id = sampler.next(step.logits);
    if (tokenizer.endIds.has(id)) break;
    ids.push(id);
    if (ids.length >= tokens) break;
    step = await sequence.step(id);
  }
  return tokenizer.decode(ids);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
