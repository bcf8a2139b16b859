import { NOT_FOUND_SENTENCE } from './buildPrompt.ts';

/** A longer answer that says somewhere that one thing is missing still answers the rest. */
const MAX_CHARACTERS = 320;

/**
 * Ways in which models say that a text does not tell: "not found in the text", "the text
 * does not mention", "there is no information". Subject and negation must stand together,
 * so that "he did not say a word" is an answer.
 */
const phrases = [
  /\bnot (?:be )?(?:found|mentioned|specified|stated|provided|given|described|answered)\b/i,
  /\b(?:text|passage|book|document|story|novel|author|excerpt|context|guide)\b[^.]{0,40}\b(?:does not|doesn['’]t|did not|do not|don['’]t)\s+(?:\w+\s+)?(?:mention|say|tell|specify|state|provide|contain|give|describe|include|answer|indicate|have)\b/i,
  /\bno (?:mention|information|answer|evidence|indication)\b/i,
  /\b(?:I|we)\s+(?:do not|don['’]t|did not|didn['’]t|could not|cannot|can['’]t)\s+(?:know|find|tell|determine|answer)\b/i,
  /\bdoes not (?:occur|appear)\b/i,
];

/** Whether an answer says that the text does not hold what was asked. */
export function saysNotFound(answer: string): boolean {
  if (answer.trim().startsWith(NOT_FOUND_SENTENCE.slice(0, -1))) return true;
  return answer.length <= MAX_CHARACTERS && phrases.some((phrase) => phrase.test(answer));
}
