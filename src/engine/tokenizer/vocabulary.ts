import { ModelFileError } from '#shared/errors/index.ts';
import type { GgufFile } from '../gguf/index.ts';
import { architectures, isArchitecture, MetadataReader } from '../model/index.ts';
import { bytesOfCharacters } from './byteCharacters.ts';
import { type PreTokenizer, preTokenizers } from './preTokenizers.ts';

/** GGUF's `tokenizer.ggml.token_type`. */
const NORMAL = 1;
const CONTROL = 3;
const USER_DEFINED = 4;
const BYTE = 6;

/** Stands for a space in the tokens of SentencePiece. */
export const WORD_START = '\u2581';

/** What a token is for. `defined` ones are words of their own that no merge makes. */
export type TokenKind = 'normal' | 'control' | 'defined' | 'byte' | 'other';

/** Byte-level BPE (GPT-2 and most others): words are cut out first, then bytes are merged by a list. */
export interface ByteLevelScheme {
  readonly kind: 'byteLevel';
  readonly merges: readonly string[];
  readonly preTokenizer: PreTokenizer;
}

/** SentencePiece BPE (Gemma, Llama 2, Mistral, Phi-3): characters are merged by the score of what they become. */
export interface SentencePieceScheme {
  readonly kind: 'sentencePiece';
  /** `[vocabSize]` */
  readonly scores: readonly number[];
  /** Whether a text is written with a space in front. */
  readonly spacePrefix: boolean;
  /** Whether whitespace after a control token counts as part of it, but after those that begin and end texts. */
  readonly controlsSwallowSpace: boolean;
}

/** A vocabulary as a file holds it. */
export interface Vocabulary {
  /**
   * `[vocabSize]`. Normal tokens in the characters of `byteCharacters`, or with `WORD_START` for spaces; byte
   * tokens as `<0x0A>`; plain text for others.
   */
  readonly tokens: readonly string[];
  readonly kinds: readonly TokenKind[];
  readonly scheme: ByteLevelScheme | SentencePieceScheme;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly eotId: number | null;
  /** Whether texts begin with `bosId`. */
  readonly addBos: boolean;
  readonly chatTemplate: string | null;
}

/**
 * Reads the vocabulary of a model.
 * @throws {ModelFileError} `model/unsupported` for a vocabulary that is neither byte-level BPE nor SentencePiece
 *   BPE or is cut into words in an unknown way, `model/damaged` where its lists do not fit together
 */
export function readVocabulary(gguf: GgufFile): Vocabulary {
  const metadata = new MetadataReader(gguf);
  const tokens = metadata.required('tokenizer.ggml.tokens', metadata.texts('tokenizer.ggml.tokens'));
  const types = metadata.numbers('tokenizer.ggml.token_type') ?? tokens.map(() => NORMAL);
  checkLength(gguf, tokens, types, 'types');
  const scheme = readScheme(gguf, metadata);
  if (scheme.kind === 'sentencePiece') checkLength(gguf, tokens, scheme.scores, 'scores');
  const id = (name: string): number | null =>
    metadata.integer(`tokenizer.ggml.${name}_token_id`, 0, tokens.length - 1) ?? null;
  return {
    tokens,
    kinds: types.map(kindOfType),
    scheme,
    bosId: id('bos'),
    eosId: id('eos'),
    eotId: id('eot'),
    addBos: metadata.flag('tokenizer.ggml.add_bos_token') ?? addsBos(scheme),
    chatTemplate: metadata.text('tokenizer.chat_template') ?? null,
  };
}

function readScheme(gguf: GgufFile, metadata: MetadataReader): Vocabulary['scheme'] {
  const kind = metadata.required('tokenizer.ggml.model', metadata.text('tokenizer.ggml.model'));
  if (kind === 'llama') {
    const architecture = metadata.text('general.architecture') ?? '';
    return {
      kind: 'sentencePiece',
      scores: metadata.required('tokenizer.ggml.scores', metadata.numbers('tokenizer.ggml.scores')),
      spacePrefix: metadata.flag('tokenizer.ggml.add_space_prefix') ?? true,
      controlsSwallowSpace: isArchitecture(architecture) && architectures[architecture].controlsSwallowSpace,
    };
  }
  if (kind !== 'gpt2') throw unsupported(gguf, `has a vocabulary of kind "${kind}"; "gpt2" and "llama" can be used`);
  const cut = metadata.text('tokenizer.ggml.pre') ?? 'default';
  const preTokenizer = preTokenizers.get(cut);
  if (!preTokenizer) {
    throw unsupported(gguf, `cuts words the way "${cut}"; ${[...preTokenizers.keys()].join(', ')} are known`);
  }
  const merges = metadata.required('tokenizer.ggml.merges', metadata.texts('tokenizer.ggml.merges'));
  return { kind: 'byteLevel', merges, preTokenizer };
}

/** Where a file does not say whether texts begin with the begin token. */
const addsBos = (scheme: Vocabulary['scheme']): boolean =>
  scheme.kind === 'sentencePiece' || (scheme.preTokenizer.addBos ?? false);

function checkLength(gguf: GgufFile, tokens: readonly string[], list: readonly number[], name: string): void {
  if (list.length === tokens.length) return;
  throw new ModelFileError('model/damaged', `${gguf.path} has ${tokens.length} tokens and ${list.length} ${name}.`, {
    advice: 'Choose another file of this model.',
  });
}

/** The byte that a token such as `<0x0A>` stands for. */
export const byteOfToken = (token: string): number => Number.parseInt(token.slice(3, 5), 16);

/** The bytes that a token stands for in a text; control tokens stand for none. */
export function tokenBytes(vocabulary: Vocabulary, id: number): Uint8Array {
  const token = vocabulary.tokens[id];
  if (token === undefined) throw new RangeError(`Token ${id} of ${vocabulary.tokens.length}`);
  const kind = vocabulary.kinds[id]!;
  switch (kind) {
    case 'normal':
      if (vocabulary.scheme.kind === 'sentencePiece') return Buffer.from(token.replaceAll(WORD_START, ' '));
      return bytesOfCharacters(token) ?? Buffer.from(token);
    case 'byte':
      return Uint8Array.of(byteOfToken(token));
    case 'defined':
      return Buffer.from(token);
    case 'control':
    case 'other':
      return new Uint8Array(0);
    default:
      throw new Error(`Unknown kind ${String(kind satisfies never)}`);
  }
}

function kindOfType(type: number): TokenKind {
  if (type === NORMAL) return 'normal';
  if (type === CONTROL) return 'control';
  if (type === BYTE) return 'byte';
  return type === USER_DEFINED ? 'defined' : 'other';
}

function unsupported(gguf: GgufFile, what: string): ModelFileError {
  return new ModelFileError('model/unsupported', `${gguf.path} ${what}.`, {
    advice: 'Choose a Llama, SmolLM2, Mistral, Qwen, Gemma 3 or Phi-3 model.',
  });
}
