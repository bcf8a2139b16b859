import type { QuestionedText } from './question.ts';

/** Turns of one conversation. */
const TURNS = 6;

/**
 * Questions of a text in one conversation: each is asked after the ones before were answered rightly, on the same
 * cache, as a person would (SCBench, arXiv 2412.10319). Those whose answer stands in the text as it is asked for.
 */
export function conversation(text: QuestionedText): QuestionedText {
  const single = text.questions.filter(({ task }) => task === 'needle' || task === 'multiKey');
  const step = Math.max(1, Math.floor(single.length / TURNS));
  const turns = single.filter((_, index) => index % step === 0).slice(0, TURNS);
  return { ...text, questions: turns.map((question) => ({ ...question, task: 'conversation' })) };
}
