import { MergeQueue } from './mergeQueue.ts';
import type { PlainEncoder } from './plainEncoder.ts';
import { byteOfToken, type SentencePieceScheme, type Vocabulary, WORD_START } from './vocabulary.ts';

/** Words whose ids are kept, since most words of a text come again. */
const KNOWN_WORDS = 20_000;
const LONGEST_KNOWN_WORD = 32;

/** A stretch of the text that is one token so far; merged into its left neighbour when `end` is 0. */
interface Pieces {
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly previous: Int32Array;
  readonly next: Int32Array;
}

/**
 * SentencePiece BPE (arXiv 1808.06226) as llama.cpp does it, which has scores and no list of merges: of all
 * neighbours whose joined text is a token, the pair with the highest score is joined, the leftmost of equals,
 * until there is none. A character that is no token is written as its UTF-8 bytes. Spaces are `▁`.
 *
 * `@huggingface/tokenizers` wants the merges: for Gemma's vocabulary the 262,144 scores stand for a
 * million and a half of them.
 */
export function sentencePieceEncoder(vocabulary: Vocabulary, scheme: SentencePieceScheme): PlainEncoder {
  const idOfText = new Map<string, number>();
  const idOfByte = new Map<number, number>();
  for (const [id, token] of vocabulary.tokens.entries()) {
    const kind = vocabulary.kinds[id];
    if (kind === 'normal') idOfText.set(token, id);
    else if (kind === 'byte') idOfByte.set(byteOfToken(token), id);
  }
  const encodeWord = (word: string): number[] =>
    merged(word, (joined) => scheme.scores[idOfText.get(joined) ?? -1]).flatMap((piece) => {
      const id = idOfText.get(piece);
      return id === undefined ? bytesOf(piece, idOfByte) : [id];
    });
  const reaching = charactersBeforeInnerSpaces(idOfText.keys());
  const known = new Map<string, readonly number[]>();
  return {
    spacePrefix: scheme.spacePrefix,
    encode: (text) =>
      words(text.replaceAll(' ', WORD_START), reaching).flatMap((word) => {
        const ids = known.get(word) ?? encodeWord(word);
        if (known.size >= KNOWN_WORDS) known.clear();
        if (word.length <= LONGEST_KNOWN_WORD) known.set(word, ids);
        return ids;
      }),
    isDropped: (byte) => byte !== 0x20 && !idOfByte.has(byte) && !idOfText.has(String.fromCharCode(byte)),
  };
}

/** Characters that some token has in front of a space within it: Gemma's only one is the `>` of `>▁</`. */
function charactersBeforeInnerSpaces(tokens: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const token of tokens) for (const [, before] of token.matchAll(/([^\u2581])\u2581/g)) found.add(before!);
  return found;
}

/** Cuts a text where no token reaches across: before its spaces, but for those that may lie within a token. */
function words(text: string, reaching: ReadonlySet<string>): string[] {
  const result: string[] = [];
  let start = 0;
  for (let at = text.indexOf(WORD_START, 1); at >= 0; at = text.indexOf(WORD_START, at + 1)) {
    const before = text[at - 1]!;
    if (before === WORD_START || reaching.has(before)) continue;
    result.push(text.slice(start, at));
    start = at;
  }
  result.push(text.slice(start));
  return result;
}

function bytesOf(piece: string, idOfByte: ReadonlyMap<number, number>): number[] {
  return Array.from(new TextEncoder().encode(piece)).flatMap((byte) => idOfByte.get(byte) ?? []);
}

/** Joins characters to tokens. @param scoreOf undefined for a text that is no token */
function merged(text: string, scoreOf: (text: string) => number | undefined): string[] {
  const pieces = characters(text);
  const { start, end, previous, next } = pieces;
  const queue = new MergeQueue();
  const offer = (left: number, right: number): void => {
    if (left < 0 || right < 0) return;
    const score = scoreOf(text.slice(start[left], end[right]));
    if (score !== undefined) queue.push({ left, right, length: end[right]! - start[left]!, score });
  };
  for (let right = 1; right < start.length; right++) offer(right - 1, right);
  for (let merge = queue.pop(); merge; merge = queue.pop()) {
    const { left, right, length } = merge;
    // Either side may have gone or grown since they were offered.
    const isStale = end[left] === 0 || end[right] === 0 || end[right]! - start[left]! !== length;
    if (isStale) continue;
    end[left] = end[right]!;
    end[right] = 0;
    next[left] = next[right]!;
    if (next[right]! >= 0) previous[next[right]!] = left;
    offer(previous[left]!, left);
    offer(left, next[left]);
  }
  const result: string[] = [];
  for (let piece = 0; piece >= 0; piece = next[piece]!) result.push(text.slice(start[piece], end[piece]));
  return result;
}

function characters(text: string): Pieces {
  const starts: number[] = [];
  for (let at = 0; at < text.length; at += text.codePointAt(at)! > 0xffff ? 2 : 1) starts.push(at);
  const count = starts.length;
  return {
    start: Int32Array.from(starts),
    end: Int32Array.from({ length: count }, (_, piece) => starts[piece + 1] ?? text.length),
    previous: Int32Array.from({ length: count }, (_, piece) => piece - 1),
    next: Int32Array.from({ length: count }, (_, piece) => (piece + 1 < count ? piece + 1 : -1)),
  };
}
