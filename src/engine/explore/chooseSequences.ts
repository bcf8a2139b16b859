import type { ModelDescription } from '../model/index.ts';
import { ChatTemplate, type Tokenizer } from '../tokenizer/index.ts';
import { calibrationLength } from './calibrationLength.ts';
import { type CalibrationSequence, calibrationSequences } from './calibrationSequences.ts';
import { retrievalSequences } from './retrievalSequences.ts';
import { seededRandom } from './seededRandom.ts';

export interface ChooseSequencesOptions {
  /** Sequences of running text, and as many with questions. */
  readonly sequences: number;
  /** Tokens of text in each. @default by the length of the text and the model's context */
  readonly tokens?: number | undefined;
  readonly seed: number;
}

/**
 * What a model reads when it is explored: running text with repeats, then texts with questions.
 * Each begins as the model was trained to begin, for without their first token some models
 * attend to nothing as usual.
 * @param book token ids of the whole calibration text
 * @throws {InputError} `input/invalid` when text or context are too short
 */
export function chooseSequences(
  book: readonly number[],
  { contextTokens }: Pick<ModelDescription, 'contextTokens'>,
  tokenizer: Tokenizer,
  { sequences, tokens, seed }: ChooseSequencesOptions,
): CalibrationSequence[] {
  const { bosId, addBos } = tokenizer.vocabulary;
  const begin = addBos && bosId !== null ? [bosId] : [];
  const length = tokens
    ? { tokens, askedTokens: tokens }
    : calibrationLength(book.length, contextTokens - begin.length, sequences);
  const prose = calibrationSequences(book, { sequences, tokens: length.tokens, random: seededRandom(seed) });
  return [
    ...prose.map(({ ids, queries }) => ({
      ids: [...begin, ...ids],
      queries: queries.map(({ kind, position }) => ({ kind, position: position + begin.length })),
    })),
    ...retrievalSequences(book, tokenizer, new ChatTemplate(tokenizer.vocabulary), {
      sequences,
      tokens: length.askedTokens,
      contextTokens,
      random: seededRandom(seed + 1000),
    }),
  ];
}
