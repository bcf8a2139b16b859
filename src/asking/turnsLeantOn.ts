import { foldWord, questionTerms, wordsOf } from '#retrieval/index.ts';
import type { ChatTurn } from '#shared/contract/index.ts';

/** A follow-up such as "And when?" has no more words of its own than this. */
const OWN_TERMS = 1;

/** Words that join a question to the one before when they begin it. */
const joining = new Set(
  'and but or so then also und aber oder dann et mais ou alors y pero o entonces e ma allora'.split(' '),
);

/**
 * Words that stand for what was named before, in the languages that stop words are known of. French "son" is left
 * out: it is a word of many English questions.
 */
const pointing = new Set(
  (
    'he him his she her hers it its they them their theirs this these those one ones another ' +
    'elle lui leur sa ses ils elles ella ellos su sus suo sua loro lei'
  ).split(' '),
);

/** The same in German, where every noun is written like a name, so that none tells what a pronoun means. */
const pointingInGerman = new Set(
  'er ihn ihm sein seine seiner seinen ihr ihre ihrer ihren diese dieser dieses'.split(' '),
);

/**
 * The turns that a question is not understood without: the one before when it leans on that, and those which that one
 * leaned on itself; the oldest first. A question that says what it is about gets none. Small models take an earlier
 * answer for the text: with every turn carried along, the default model answered question after question about a
 * novel with the same sentence of its own (docs/fidelity/conversations.md).
 *
 * @param earlier finished turns, the oldest first
 * @param language BCP 47 tag of the book, or null when unknown
 */
export function turnsLeantOn<Turn extends Pick<ChatTurn, 'question'>>(
  question: string,
  earlier: readonly Turn[],
  language: string | null,
): readonly Turn[] {
  let first = earlier.length;
  for (let leaning = question; first > 0 && leans(leaning, language); first--) leaning = earlier[first - 1]!.question;
  return earlier.slice(first);
}

/** Whether a question points back. A pronoun beside a name may mean that name: "What does Lydia write to her?" */
function leans(question: string, language: string | null): boolean {
  const words = wordsOf(question).map(foldWord);
  const terms = questionTerms(question, language);
  if (terms.length <= OWN_TERMS && !terms.some(({ isName }) => isName)) return true;
  if (joining.has(words[0] ?? '') || words.some((word) => pointingInGerman.has(word))) return true;
  return words.some((word) => pointing.has(word)) && !terms.some(({ isName }) => isName);
}
