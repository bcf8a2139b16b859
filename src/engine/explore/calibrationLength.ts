import { InputError } from '#shared/errors/index.ts';

/** How many tokens of text each calibration sequence has. */
export interface CalibrationLength {
  /** Sequences of running text with repeats. */
  readonly tokens: number;
  /** Texts that are asked about: questions and answers follow them. */
  readonly askedTokens: number;
}

/** Far behind the window, and still read in a minute or two. */
const LONGEST_TOKENS = 3072;
/** Below this, even the last query of a sequence has few distant keys. */
const SHORTEST_TOKENS = 1536;
/** What four questions with their answers take at most in a vocabulary of words; of one of bytes fewer fit. */
const QUESTION_TOKENS = 1024;
const SHORTEST_CONTEXT_TOKENS = 2048;

/**
 * Chooses the lengths by what the model can read and by how much text there is.
 * @param textTokens of all calibration texts together
 * @throws {InputError} `input/invalid` when either is too short to learn anything about distant tokens
 */
export function calibrationLength(textTokens: number, contextTokens: number, sequences: number): CalibrationLength {
  if (contextTokens < SHORTEST_CONTEXT_TOKENS) {
    throw new InputError(
      'input/invalid',
      `This model reads at most ${count(contextTokens)} tokens; a sharing plan needs ${count(SHORTEST_CONTEXT_TOKENS)} at least.`,
      { advice: 'Use it without a plan: its cache is small in any case.' },
    );
  }
  const needed = sequences * SHORTEST_TOKENS;
  if (textTokens < needed) {
    throw new InputError(
      'input/invalid',
      `The text has ${count(textTokens)} tokens; exploring a model needs ${count(needed)} at least, and ${count(sequences * LONGEST_TOKENS)} are better.`,
      { advice: 'Give a long text in the language you read, such as a novel: --text FILE (PDF, EPUB or text).' },
    );
  }
  const tokens = Math.min(LONGEST_TOKENS, contextTokens, Math.floor(textTokens / sequences));
  return { tokens, askedTokens: Math.min(tokens, contextTokens - QUESTION_TOKENS) };
}

const count = (value: number): string => value.toLocaleString('en');
