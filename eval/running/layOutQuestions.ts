import { type ChatTemplate, layOutPrompt, type Tokenizer } from '../../src/engine/tokenizer/index.ts';
import type { ChatMessage, MessagePart } from '../../src/shared/contract/index.ts';
import type { Question, QuestionedText } from '../tasks/question.ts';
import type { Span } from './measureText.ts';

/** An answer that is asked for, as tokens. */
export interface AnswerSpan {
  readonly question: Question;
  /** Positions of each word of the answer. */
  readonly words: readonly Span[];
  /** `[words]`: the first token of each wrong answer that differs from the right one's. */
  readonly wrongFirstIds: readonly (readonly number[])[];
}

/** A text, questions on it and their right answers in one conversation, as the model reads it. */
export interface AskedText {
  /** Up to the last token of the last answer. */
  readonly ids: readonly number[];
  /** Positions of each part of the text. */
  readonly parts: readonly { readonly id: string; readonly span: Span }[];
  readonly answers: readonly AnswerSpan[];
}

/**
 * Lays a text and questions out by the model's own chat template, each answer after its lead. All that stands before
 * the first question is the same for all questions on a text.
 */
export function layOutQuestions(
  text: QuestionedText,
  questions: readonly Question[],
  tokenizer: Tokenizer,
  template: ChatTemplate,
): AskedText {
  const messages = questions.flatMap((question, turn): ChatMessage[] => [
    {
      role: 'user',
      parts:
        turn === 0
          ? [{ text: 'Text:\n"""\n' }, ...fenced(text), { text: `\n"""\n\n${question.question}` }]
          : [{ text: question.question }],
    },
    { role: 'assistant', parts: [{ text: question.lead }, ...answerParts(question, turn)] },
  ]);
  const { ids, parts } = layOutPrompt(messages, tokenizer, template);
  const spanOf = (source: string): Span => {
    const { tokenStart, offsets } = parts.find((part) => part.source === source)!;
    return [tokenStart, tokenStart + offsets.length - 1];
  };
  const firstId = (word: string): number => tokenizer.encodeWithin(` ${word}`)[0]!;
  const answers = questions.map((question, turn) => ({
    question,
    words: question.answers.map((_, word) => spanOf(answerSource(turn, word))),
    wrongFirstIds: question.answers.map((answer) => {
      const wrong = question.distractors.map(firstId).filter((id) => id !== firstId(answer));
      return [...new Set(wrong)];
    }),
  }));
  return {
    ids: ids.slice(0, answers.at(-1)!.words.at(-1)![1]),
    parts: text.parts.map(({ id }) => ({ id, span: spanOf(partSource(id)) })),
    answers,
  };
}

const partSource = (id: string): string => `part ${id}`;
const answerSource = (turn: number, word: number): string => `answer ${turn} ${word}`;

const fenced = ({ parts }: QuestionedText): MessagePart[] =>
  parts.flatMap(({ id, text }, index) => [
    ...(index > 0 ? [{ text: '\n\n' }] : []),
    { text: text.trim(), source: partSource(id) },
  ]);

/** Words with `, ` between them, and `and` before the last. */
function answerParts({ answers }: Question, turn: number): MessagePart[] {
  return answers.flatMap((word, index) => [
    ...(index === 0 ? [] : [{ text: index === answers.length - 1 ? ' and' : ',' }]),
    { text: ` ${word}`, source: answerSource(turn, index) },
  ]);
}
