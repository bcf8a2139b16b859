import type { ChatMessage } from '#shared/contract/index.ts';
import { sentences } from '#shared/text/index.ts';
import { type ChatTemplate, layOutPrompt, type Tokenizer } from '../tokenizer/index.ts';
import type { CalibrationSequence } from './calibrationSequences.ts';
import { spreadPositions } from './spreadPositions.ts';

export interface RetrievalOptions {
  /** @default 4 */
  readonly sequences?: number;
  /** Tokens of text that are asked about. @default 3072 */
  readonly tokens?: number;
  /** Queries in each sequence. @default 16 */
  readonly queries?: number;
  /** Length the model reads at most: questions that no longer fit are left out. @default no limit */
  readonly contextTokens?: number;
  /** Uniform numbers in [0, 1). */
  readonly random: () => number;
}

/** Questions in each sequence: few enough that all text lies far behind the last answer. */
const QUESTIONS = 4;
/** A sentence that answers a question, in characters: enough to be found, and no whole paragraph. */
const ANSWER_CHARACTERS = { least: 60, most: 260 };

/**
 * Texts followed by questions about them and their answers, laid out by the model's own chat
 * template: what a reader's use looks like. Each question names something that stands in one
 * sentence only, somewhere in the text, and the answer is that sentence. Queries are sampled
 * in questions and answers, which must find the sentence far behind; running text and plain
 * repeats say little about that (a plan within 3% of perplexity lost answers).
 * @param book token ids of the whole calibration text
 * @returns at most as many as were wanted: none for a stretch in which nothing can be asked about
 */
export function retrievalSequences(
  book: readonly number[],
  tokenizer: Tokenizer,
  template: ChatTemplate,
  options: RetrievalOptions,
): CalibrationSequence[] {
  const { sequences = 4, tokens = 3072, queries = 16, contextTokens = Infinity, random } = options;
  const stride = Math.floor(book.length / sequences);
  return Array.from({ length: sequences }, (_, i) => i).flatMap((i) => {
    const start = i * stride + Math.floor(random() * Math.max(0, stride - tokens));
    const text = tokenizer.decode(book.slice(start, start + tokens)).replaceAll('\uFFFD', '');
    const laidOut = layOutQuestions(text, chosenQuestions(text, random), { tokenizer, template, contextTokens });
    if (!laidOut) return [];
    const { ids, textEnd } = laidOut;
    const asked = Array.from({ length: ids.length - textEnd }, (_, offset) => textEnd + offset);
    const positions = spreadPositions(asked, queries, random);
    return [{ ids, queries: positions.map((position) => ({ kind: 'retrieval' as const, position })) }];
  });
}

interface Question {
  readonly question: string;
  readonly answer: string;
}

interface LayOut {
  readonly tokenizer: Tokenizer;
  readonly template: ChatTemplate;
  readonly contextTokens: number;
}

/** The text with as many of the questions as fit, and where the text ends; null when not one does. */
function layOutQuestions(
  text: string,
  questions: readonly Question[],
  { tokenizer, template, contextTokens }: LayOut,
): { readonly ids: readonly number[]; readonly textEnd: number } | null {
  for (let count = questions.length; count > 0; count -= 1) {
    const turns = questions.slice(0, count).flatMap(({ question, answer }, turn): ChatMessage[] => [
      {
        role: 'user',
        parts:
          turn === 0
            ? [{ text: 'Text:\n"""\n' }, { text, source: 'text' }, { text: `\n"""\n\n${question}` }]
            : [{ text: question }],
      },
      { role: 'assistant', parts: [{ text: answer }] },
    ]);
    const { ids, parts } = layOutPrompt(turns, tokenizer, template);
    const { tokenStart, offsets } = parts[0]!;
    if (ids.length <= contextTokens) return { ids, textEnd: tokenStart + offsets.length };
  }
  return null;
}

/** Questions about sentences from all depths of the text, in an order of their own. */
function chosenQuestions(text: string, random: () => number): Question[] {
  const all = sentences(text)
    .map(({ start, end }) => text.slice(start, end).replace(/\s+/g, ' '))
    .filter(({ length }) => length >= ANSWER_CHARACTERS.least && length <= ANSWER_CHARACTERS.most);
  const chosen = Array.from({ length: QUESTIONS }, (_, part) => {
    const from = Math.floor((part * all.length) / QUESTIONS);
    const end = Math.floor(((part + 1) * all.length) / QUESTIONS);
    const candidates = all.slice(from, end).flatMap((answer) => {
      const word = tellingWord(answer, text);
      return word === null ? [] : [{ question: `What does the text say about "${word}"?`, answer }];
    });
    return candidates[Math.floor(random() * candidates.length)];
  }).filter((question) => question !== undefined);
  return chosen
    .map((question) => ({ question, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ question }) => question);
}

/** The longest word of the sentence that stands nowhere else in the text; null when there is none. */
function tellingWord(sentence: string, text: string): string | null {
  const words = sentence.match(/\p{L}{5,}/gu) ?? [];
  const telling = words.filter((word) => text.split(word).length === 2);
  return telling.sort((a, b) => b.length - a.length)[0] ?? null;
}
