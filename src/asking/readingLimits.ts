/**
 * Tokens a brief reading of a whole book takes: about three to five passages. Measured with the
 * default model (0.5B) on questions about two novels: of 800 tokens it gave the right sentence,
 * of 1,700 and of 3,000 it mixed people up or found nothing. It also is 5 to 8 seconds to the
 * first word on two cores, which prefill 110 to 160 tokens a second beside other work.
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
