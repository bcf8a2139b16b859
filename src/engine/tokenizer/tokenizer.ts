import type { GgufFile } from '../gguf/index.ts';
import { byteLevelEncoder } from './byteLevelEncoder.ts';
import type { PlainEncoder } from './plainEncoder.ts';
import { sentencePieceEncoder } from './sentencePieceEncoder.ts';
import { tokenOffsets } from './tokenOffsets.ts';
import { readVocabulary, type TokenKind, tokenBytes, type Vocabulary } from './vocabulary.ts';

/**
 * What a text may contain beside plain characters. `plain`: nothing, whatever it looks like (a
 * document, a question), but for whitespace that the vocabulary defines as words. `defined`: all words of the
 * vocabulary that no merge makes. `controls`: these and the tokens that structure a chat, for templates only.
 */
export type TextKind = 'plain' | 'defined' | 'controls';

/** A stretch of a filled template: plain text, or one control token. */
export type ControlPiece = { readonly text: string } | { readonly id: number };

/** A tokenised text. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** `[ids + 1]`: the UTF-16 offset at which each token starts, then the length of the text. */
  readonly offsets: readonly number[];
}

/** Tokens that end a turn, whichever the file names as its end (as llama.cpp gathers them). */
const turnEnds = new Set([
  '<|im_end|>',
  '<|endoftext|>',
  '<|eot_id|>',
  '<|end_of_text|>',
  '<|end|>',
  '<end_of_turn>',
  '<|EOT|>',
  '</s>',
]);

/** Tokens that swallow no whitespace after them where others do (Phi-3, as llama.cpp has it). */
const textEdges = new Set(['<s>', '<|endoftext|>']);

/** Text to token ids and back, for one model file. */
export class Tokenizer {
  readonly vocabulary: Vocabulary;
  /** Any of these ends an answer. */
  readonly endIds: ReadonlySet<number>;
  readonly #encoder: PlainEncoder;
  readonly #idOfSpecial: ReadonlyMap<string, number>;
  /** What is cut out of a text of each kind before the rest is encoded. */
  readonly #patterns: Readonly<Record<TextKind, RegExp | null>>;

  /** @throws {ModelFileError} see `readVocabulary` */
  constructor(gguf: GgufFile) {
    const vocabulary = readVocabulary(gguf);
    this.vocabulary = vocabulary;
    const { scheme } = vocabulary;
    this.#encoder =
      scheme.kind === 'sentencePiece' ? sentencePieceEncoder(vocabulary, scheme) : byteLevelEncoder(vocabulary, scheme);
    const special = (kinds: readonly TokenKind[]): string[] =>
      vocabulary.tokens.filter((token, id) => token !== '' && kinds.includes(vocabulary.kinds[id]!));
    this.#idOfSpecial = new Map(
      vocabulary.tokens.flatMap((token, id) => (isSpecial(vocabulary.kinds[id]!) ? [[token, id] as const] : [])),
    );
    const defined = special(['defined']);
    this.#patterns = {
      plain: patternOf(defined.filter((token) => token.trim() === '')),
      defined: patternOf(defined),
      controls: patternOf(special(['defined', 'control'])),
    };
    const named = [vocabulary.eosId, vocabulary.eotId].filter((id) => id !== null);
    const known = [...this.#idOfSpecial].filter(([token]) => turnEnds.has(token)).map(([, id]) => id);
    this.endIds = new Set([...named, ...known]);
  }

  /** Token ids of a text that begins, or goes on after a control token, without any begin or end token. */
  encode(text: string, kind: TextKind): number[] {
    return this.#encode(text, kind, this.#encoder.spacePrefix);
  }

  /** Token ids of plain text that goes on after other text. */
  encodeWithin(text: string): number[] {
    return this.#encode(text, 'plain', false);
  }

  /** Tokens of a text that is data and goes on after other text, with the place of each in it. */
  encodeWithOffsets(text: string): EncodedText {
    const ids = this.encodeWithin(text);
    const byteLengths = ids.map((id) => this.bytesOf(id).length);
    return { ids, offsets: tokenOffsets(text, byteLengths, (byte) => this.#encoder.isDropped(byte)) };
  }

  /** Cuts a text at its control tokens: what a chat template wrote, and nobody else. */
  splitControls(text: string): readonly ControlPiece[] {
    return this.#split(text, 'controls').flatMap((piece, index): ControlPiece[] => {
      if (index % 2 === 1) return [{ id: this.#idOfSpecial.get(piece)! }];
      return piece === '' ? [] : [{ text: piece }];
    });
  }

  /** The bytes a token adds to a text: none for control tokens. */
  bytesOf(id: number): Uint8Array {
    return tokenBytes(this.vocabulary, id);
  }

  /** The text of some tokens. Bytes that are no whole character become U+FFFD. */
  decode(ids: readonly number[]): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(ids.map((id) => this.bytesOf(id))));
  }

  #encode(text: string, kind: TextKind, spacePrefix: boolean): number[] {
    const ids: number[] = [];
    let prefix = spacePrefix ? ' ' : '';
    for (const [index, piece] of this.#split(text, kind).entries()) {
      if (index % 2 === 1) {
        ids.push(this.#idOfSpecial.get(piece)!);
        prefix = this.#encoder.spacePrefix ? ' ' : '';
      } else if (piece !== '') {
        for (const id of this.#encoder.encode(prefix + piece)) ids.push(id);
        prefix = '';
      }
    }
    return ids;
  }

  /** Plain and special pieces of a text in turn, as `split` with one capturing group gives them; a plain one first. */
  #split(text: string, kind: TextKind): string[] {
    const pattern = this.#patterns[kind];
    const pieces = pattern ? text.split(pattern) : [text];
    const { scheme } = this.vocabulary;
    if (scheme.kind === 'byteLevel' || !scheme.controlsSwallowSpace) return pieces;
    return pieces.map((piece, index) => {
      const swallows = index % 2 === 0 && index > 0 && !textEdges.has(pieces[index - 1]!);
      return swallows ? piece.replace(/^[ \t\n\v\f\r]+/, '') : piece;
    });
  }
}

const isSpecial = (kind: TokenKind): boolean => kind === 'control' || kind === 'defined';

/** Matches any of the tokens, the longest first, in one capturing group; null when there are none. */
function patternOf(tokens: readonly string[]): RegExp | null {
  if (tokens.length === 0) return null;
  const longestFirst = tokens.toSorted((a, b) => b.length - a.length);
  return new RegExp(`(${longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`, 'u');
}
