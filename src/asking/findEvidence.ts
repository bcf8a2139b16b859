import type { PartTokens } from '#shared/contract/index.ts';
import type { BookInfo, TextSpan } from '#shared/domain/index.ts';
import { sentences } from '#shared/text/index.ts';
import { pieceSource } from './buildPrompt.ts';
import { contentWords } from './contentWords.ts';
import type { ReadingPiece } from './readingPieces.ts';
import { answerClaims, sentenceOverlap } from './sentenceOverlap.ts';

/** A sentence that was read, with where its tokens lie in the prompt. */
export interface ReadSentence {
  readonly span: TextSpan;
  readonly piece: ReadingPiece;
  readonly text: string;
  /** `[start, end)` in tokens of the prompt. */
  readonly tokens: readonly [number, number];
}

/** A sentence to show, before its anchor is made. */
export interface EvidenceSentence extends ReadSentence {
  readonly kind: 'quoted' | 'attended';
  readonly attentionShare: number;
}

/** More links than this hide the good ones. */
const MAX_QUOTED = 4;
const MAX_ATTENDED = 2;
/** An attended sentence must draw this many times its fair share, by length, of the attention. */
const MIN_LIFT = 2;
/** Shorter stretches ("Yes.", a chapter number) say nothing by themselves. */
const MIN_CHARACTERS = 20;

/** The sentences of what was read, in order. */
export function readSentences(
  pieces: readonly ReadingPiece[],
  parts: readonly PartTokens[],
  language: string | null,
): ReadSentence[] {
  const partOf = new Map(parts.map((part) => [part.source, part]));
  return pieces.flatMap((piece, place) => {
    const part = partOf.get(pieceSource(place));
    if (!part) return [];
    return sentences(piece.text, language)
      .filter(({ start, end }) => end - start >= MIN_CHARACTERS)
      .map(({ start, end }) => ({
        piece,
        span: { leaf: piece.span.leaf, start: piece.span.start + start, end: piece.span.start + end },
        text: piece.text.slice(start, end),
        tokens: [
          part.tokenStart + tokenAt(part.offsets, start),
          part.tokenStart + tokenAfter(part.offsets, end),
        ] as const,
      }));
  });
}

/**
 * Which of the read sentences an answer leans on: those whose words it repeats, then those
 * that drew far more of the attention than their length explains.
 *
 * @param mass Attention mass of each sentence, as the engine measured it.
 * @returns the quoted ones first, each kind by weight.
 */
export function findEvidence(
  info: BookInfo,
  question: string,
  answer: string,
  read: readonly ReadSentence[],
  mass: readonly number[],
): EvidenceSentence[] {
  const { language } = info;
  const rarity = rarityIn(read, language);
  const claims = answerClaims(answer, language);
  const questionWords = contentWords(question, language);
  const totalMass = mass.reduce((sum, each) => sum + each, 0);
  const totalLength = read.reduce((sum, { tokens: [start, end] }) => sum + end - start, 0);

  const weighed = read.map((sentence, place) => {
    const attentionShare = totalMass > 0 ? (mass[place] ?? 0) / totalMass : 0;
    const fairShare = (sentence.tokens[1] - sentence.tokens[0]) / Math.max(1, totalLength);
    return {
      sentence,
      attentionShare,
      lift: fairShare > 0 ? attentionShare / fairShare : 0,
      overlap: sentenceOverlap(sentence.text, claims, questionWords, rarity, language),
    };
  });
  const quoted = weighed
    .filter(({ overlap }) => overlap > 0)
    .sort((one, other) => other.overlap - one.overlap || other.attentionShare - one.attentionShare)
    .slice(0, MAX_QUOTED);
  const attended = weighed
    .filter((each) => each.lift >= MIN_LIFT && !quoted.includes(each))
    .sort((one, other) => other.attentionShare - one.attentionShare)
    .slice(0, MAX_ATTENDED);
  return [
    ...quoted.map(({ sentence, attentionShare }) => ({ ...sentence, attentionShare, kind: 'quoted' as const })),
    ...attended.map(({ sentence, attentionShare }) => ({ ...sentence, attentionShare, kind: 'attended' as const })),
  ];
}

/** Rare words tell more: inverse document frequency over the sentences that were read. */
function rarityIn(read: readonly ReadSentence[], language: string | null): (word: string) => number {
  const counts = new Map<string, number>();
  for (const { text } of read) {
    for (const word of contentWords(text, language)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return (word) => Math.log(1 + read.length / (1 + (counts.get(word) ?? 0)));
}

/** Index of the token that holds a letter. `offsets` are starts of tokens, then the length. */
function tokenAt(offsets: readonly number[], letter: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= letter) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Index after the last token that begins before a letter. */
function tokenAfter(offsets: readonly number[], letter: number): number {
  return Math.min(offsets.length - 1, tokenAt(offsets, letter - 1) + 1);
}
