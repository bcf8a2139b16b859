import { AttentionRecord } from '../../src/engine/attention/attentionRecord.ts';
import { Sampler } from '../../src/engine/decode/sampler.ts';
import type { Sequence, StepResult } from '../../src/engine/decode/sequence.ts';
import type { ChatTemplate, Tokenizer } from '../../src/engine/tokenizer/index.ts';
import type { CacheReport } from '../../src/shared/domain/index.ts';
import { exactMatch, firstSentence, tokenF1 } from '../scoring/answerScores.ts';
import { tokenLoss } from '../scoring/tokenLoss.ts';
import type { Question, QuestionedText } from '../tasks/question.ts';
import { type AnswerSpan, type AskedText, layOutQuestions } from './layOutQuestions.ts';
import { readOn, type TextReader } from './textReader.ts';

/** What a model made of one word of an answer, or of the whole where that is asked for in one. Flags are 0 or 1. */
export interface AnswerScore {
  /** Mean over its tokens. */
  readonly lossNats: number;
  /** Whether its first token is likelier than that of every wrong answer; absent without wrong answers. */
  readonly isLikeliest?: number;
  /** Whether the model would have written it itself, each token being its first choice. */
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

/** Scores of questions asked in one conversation, and the cache at its end. */
export interface AskedScores {
  /** `[questions][words]` */
  readonly scores: readonly (readonly AnswerScore[])[];
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
  const scores: AnswerScore[][] = [];
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
    scores.push(told.scores());
  }
  const cache = sequence.report();
  if (writtenTokens === 0) return { scores, cache };
  const again = await reader.read(asked.ids.slice(0, start), textEnd, signal);
  const given = firstSentence(await write(again.sequence, again.step, writtenTokens, tokenizer));
  const accepted = questions[0]!.answers;
  const written = { exactMatch: Number(exactMatch(given, accepted)), tokenF1: tokenF1(given, accepted) };
  const [first, ...others] = scores;
  return { scores: [first!.map((score) => ({ ...score, ...written })), ...others], cache };
}

/** Gathers what the steps that tell one answer say. */
class TellingAnswer {
  readonly #asked: AskedText;
  readonly #answer: AnswerSpan;
  readonly #record: AttentionRecord;
  readonly #words: { losses: number[]; isFirstChoice: boolean; isLikeliest: boolean | null }[];

  constructor(reader: TextReader, asked: AskedText, answer: AnswerSpan) {
    this.#asked = asked;
    this.#answer = answer;
    this.#record = new AttentionRecord(reader.decoder.plan, answer.words[0]![0]);
    this.#words = answer.words.map(() => ({ losses: [], isFirstChoice: true, isLikeliest: null }));
  }

  /** @param step whose logits are of the token at `position` */
  add(position: number, { logits, attention }: StepResult): void {
    const place = this.#answer.words.findIndex(([start, end]) => position >= start && position < end);
    const word = this.#words[place];
    if (!word) return;
    const id = this.#asked.ids[position]!;
    const { lossNats, likeliest } = tokenLoss(logits, id);
    word.losses.push(lossNats);
    word.isFirstChoice &&= likeliest === id;
    const wrong = this.#answer.wrongFirstIds[place]!;
    if (position === this.#answer.words[place]![0] && wrong.length > 0) {
      word.isLikeliest = wrong.every((other) => logits[id]! > logits[other]!);
    }
    if (this.#asked.parts.length > 1) this.#record.add('', attention);
  }

  scores(): AnswerScore[] {
    const isRightPart = this.#isRightPart();
    return this.#words.map(({ losses, isFirstChoice, isLikeliest }) => ({
      lossNats: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
      ...(isLikeliest !== null && { isLikeliest: Number(isLikeliest) }),
      isFirstChoice: Number(isFirstChoice),
      ...(isRightPart !== null && { isRightPart: Number(isRightPart) }),
    }));
  }

  #isRightPart(): boolean | null {
    const { parts } = this.#asked;
    const { partId } = this.#answer.question;
    if (partId === undefined || parts.length < 2) return null;
    const attended = this.#record
      .attended(parts.map(({ span }) => span))
      .map((mass, part) => mass / (parts[part]!.span[1] - parts[part]!.span[0]));
    return parts[attended.indexOf(Math.max(...attended))]!.id === partId;
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
