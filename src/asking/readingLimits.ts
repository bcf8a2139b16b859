/**
 * Tokens a brief reading of a whole book takes: about three to five passages. With the default
 * model (0.5B) questions about two novels were answered better from 800 tokens than from 1,500
 * and more, where it mixed people up: docs/adr/0050-brief-reading.md. Read in 7 to 25 seconds on
 * two cores that did other work, too.
 */
export const BRIEF_READING_TOKENS = 1_000;

/** A text that is longer than a brief reading by no more than this is read whole: picking would save little and lose something. */
export const BRIEF_SLACK = 1.5;

/** Room for the answer. Answers from a text are a few sentences. */
export const MAX_ANSWER_TOKENS = 320;

/** Room for instruction, section titles, question and the last turns. Counted anew for each question: this is the least. */
export const PROMPT_RESERVE_TOKENS = 400;

/** Share of the free memory a cache may take: the decoder's own buffers and the rest of the machine need some. */
export const MEMORY_SHARE = 0.6;
