/**
 * Tokens a brief reading of a whole book takes. A 0.5B model prefills 150 to 250 tokens a
 * second on two cores, so this is 12 to 20 seconds to the first word; and a small model
 * answers better from ten passages that fit the question than from fifty.
 */
export const BRIEF_READING_TOKENS = 1_000;

/** Room for the answer. Answers from a text are a few sentences. */
export const MAX_ANSWER_TOKENS = 320;

/** Room for instruction, section titles, question and the last turns. Counted anew for each question: this is the least. */
export const PROMPT_RESERVE_TOKENS = 400;

/** Share of the free memory a cache may take: the decoder's own buffers and the rest of the machine need some. */
export const MEMORY_SHARE = 0.6;
