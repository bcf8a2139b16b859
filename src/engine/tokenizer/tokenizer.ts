import { Tokenizer as WordTokenizer } from '@huggingface/tokenizers';
import type { GgufFile } from '../gguf/index.ts';
import { characterOfByte } from './byteCharacters.ts';
import { tokenOffsets } from './tokenOffsets.ts';
import { readVocabulary, type TokenKind, tokenBytes, type Vocabulary } from './vocabulary.ts';

/**
 * What a text may contain beside plain characters. `plain`: nothing, whatever it looks like (a
 * document, a question). `defined`: words of the vocabulary that no merge makes. `controls`:
 * these and the tokens that structure a chat, for templates only.
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
  '<|EOT|>',
  '</s>',
]);

/** Text to token ids and back, for one model file. */
export class Tokenizer {
  readonly vocabulary: Vocabulary;
  /** Any of these ends an answer. */
  readonly endIds: ReadonlySet<number>;
  readonly #words: WordTokenizer;
  readonly #droppedBytes: ReadonlySet<number>;
  readonly #idOfSpecial: ReadonlyMap<string, number>;
  readonly #definedPattern: RegExp | null;
  readonly #controlsPattern: RegExp | null;

  /** @throws {ModelFileError} see `readVocabulary` */
  constructor(gguf: GgufFile) {
    const vocabulary = readVocabulary(gguf);
    this.vocabulary = vocabulary;
    this.#words = makeWordTokenizer(vocabulary);
    this.#droppedBytes = missingBytes(vocabulary);
    const special = (kinds: readonly TokenKind[]): string[] =>
      vocabulary.tokens.filter((token, id) => token !== '' && kinds.includes(vocabulary.kinds[id]!));
    this.#idOfSpecial = new Map(
      vocabulary.tokens.flatMap((token, id) => (isSpecial(vocabulary.kinds[id]!) ? [[token, id] as const] : [])),
    );
    this.#definedPattern = patternOf(special(['defined']));
    this.#controlsPattern = patternOf(special(['defined', 'control']));
    const named = [vocabulary.eosId, vocabulary.eotId].filter((id) => id !== null);
    const known = [...this.#idOfSpecial].filter(([token]) => turnEnds.has(token)).map(([, id]) => id);
    this.endIds = new Set([...named, ...known]);
  }

  /** Token ids of a text, without any begin or end token. */
  encode(text: string, kind: TextKind): number[] {
    const pattern = kind === 'plain' ? null : kind === 'defined' ? this.#definedPattern : this.#controlsPattern;
    if (!pattern) return this.#encodePlain(text);
    // `split` with one capturing group gives plain and special pieces in turn.
    return text.split(pattern).flatMap((piece, index) => {
      if (index % 2 === 1) return [this.#idOfSpecial.get(piece)!];
      return this.#encodePlain(piece);
    });
  }

  /** Tokens of a text that is data, with the place of each in it. */
  encodeWithOffsets(text: string): EncodedText {
    const ids = this.#encodePlain(text);
    const byteLengths = ids.map((id) => this.bytesOf(id).length);
    return { ids, offsets: tokenOffsets(text, byteLengths, (byte) => this.#droppedBytes.has(byte)) };
  }

  /** Cuts a text at its control tokens: what a chat template wrote, and nobody else. */
  splitControls(text: string): readonly ControlPiece[] {
    const pieces = this.#controlsPattern ? text.split(this.#controlsPattern) : [text];
    return pieces.flatMap((piece, index): ControlPiece[] => {
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

  #encodePlain(text: string): number[] {
    return text === '' ? [] : this.#words.encode(text, { add_special_tokens: false }).ids;
  }
}

/** Bytes that no token stands for: llama.cpp leaves them out of a text, and so do we. */
function missingBytes(vocabulary: Vocabulary): ReadonlySet<number> {
  const tokens = new Set(vocabulary.tokens);
  return new Set(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !tokens.has(characterOfByte(byte))));
}

const isSpecial = (kind: TokenKind): boolean => kind === 'control' || kind === 'defined';

/** Matches any of the tokens, the longest first, in one capturing group; null when there are none. */
function patternOf(tokens: readonly string[]): RegExp | null {
  if (tokens.length === 0) return null;
  const longestFirst = tokens.toSorted((a, b) => b.length - a.length);
  return new RegExp(`(${longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')})`, 'u');
}

/** The structure of a tokenizer.json with nothing in it but words, bytes and merges. */
function makeWordTokenizer(vocabulary: Vocabulary): WordTokenizer {
  const { patterns, ignoreMerges = false } = vocabulary.preTokenizer;
  const splits = patterns.map((Regex) => ({
    type: 'Split',
    pattern: { Regex },
    behavior: 'Isolated',
    invert: false,
  }));
  const words = Object.fromEntries(
    vocabulary.tokens.flatMap((token, id) => (vocabulary.kinds[id] === 'normal' ? [[token, id] as const] : [])),
  );
  return new WordTokenizer(
    {
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [...splits, { type: 'ByteLevel', use_regex: false }] },
      model: { type: 'BPE', vocab: words, merges: vocabulary.merges, ignore_merges: ignoreMerges },
      post_processor: null,
      decoder: null,
    },
    {},
  );
}
