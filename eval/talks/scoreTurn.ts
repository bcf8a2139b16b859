import type { Evidence, TextSpan } from '../../src/shared/domain/index.ts';
import { holdsWords } from '../scoring/holdsWords.ts';
import type { TalkQuestion } from './talk.ts';
import { liesIn } from './tellingParagraphs.ts';

/** What the product showed for one question. */
export interface ShownAnswer {
  readonly text: string;
  /** Shown as "not found". */
  readonly notFound: boolean;
  readonly evidence: readonly Evidence[];
  /** The pieces of the document that the model was given. */
  readonly readTexts: readonly string[];
}

/** How an answer is judged. */
export interface TurnScore {
  /** How a sentence shown under the answer points to a paragraph that tells it: by its words, by attention alone, or none does. */
  readonly passage: 'quoted' | 'attended' | 'none';
  /** Whether the answer holds the expected words. One that is shown as "not found" does not count. */
  readonly words: boolean;
  /** Whether the model was given a paragraph that tells the answer: where not, search missed it and the cache is not to blame. */
  readonly wasRead: boolean;
}

/** @param telling the paragraphs that tell the answer */
export function scoreTurn(asked: TalkQuestion, answer: ShownAnswer, telling: readonly TextSpan[]): TurnScore {
  const right = answer.evidence.filter(({ anchor }) => liesIn(anchor.span, telling)).map(({ kind }) => kind);
  return {
    passage: right.includes('quoted') ? 'quoted' : (right[0] ?? 'none'),
    words: !answer.notFound && holdsWords(answer.text, asked.words),
    wasRead: answer.readTexts.some((text) => asked.sources.some((source) => text.includes(source))),
  };
}
