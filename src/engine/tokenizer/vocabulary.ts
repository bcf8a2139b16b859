import { ModelFileError } from '#shared/errors/index.ts';
import type { GgufFile } from '../gguf/index.ts';
import { MetadataReader } from '../model/index.ts';
import { bytesOfCharacters } from './byteCharacters.ts';
import { type PreTokenizer, preTokenizers } from './preTokenizers.ts';

/** GGUF's `tokenizer.ggml.token_type`. */
const NORMAL = 1;
const CONTROL = 3;
const USER_DEFINED = 4;

/** What a token is for. `defined` ones are words of their own that no merge makes. */
export type TokenKind = 'normal' | 'control' | 'defined' | 'other';

/** A byte-level BPE vocabulary as a file holds it. */
export interface Vocabulary {
  /** `[vocabSize]`, in the characters of `byteCharacters` for normal tokens, plain text for others. */
  readonly tokens: readonly string[];
  readonly kinds: readonly TokenKind[];
  readonly merges: readonly string[];
  readonly preTokenizer: PreTokenizer;
  readonly bosId: number | null;
  readonly eosId: number | null;
  readonly eotId: number | null;
  /** Whether texts begin with `bosId`. */
  readonly addBos: boolean;
  readonly chatTemplate: string | null;
}

/**
 * Reads the vocabulary of a model.
 * @throws {ModelFileError} `model/unsupported` for a vocabulary that is not byte-level BPE or is
 *   cut into words in an unknown way, `model/damaged` where its lists do not fit together
 */
export function readVocabulary(gguf: GgufFile): Vocabulary {
  const metadata = new MetadataReader(gguf);
  const kind = metadata.required('tokenizer.ggml.model', metadata.text('tokenizer.ggml.model'));
  if (kind !== 'gpt2') throw unsupported(gguf, `has a vocabulary of kind "${kind}"; "gpt2" can be used`);
  const cut = metadata.text('tokenizer.ggml.pre') ?? 'default';
  const preTokenizer = preTokenizers.get(cut);
  if (!preTokenizer) {
    throw unsupported(gguf, `cuts words the way "${cut}"; ${[...preTokenizers.keys()].join(', ')} are known`);
  }
  const tokens = metadata.required('tokenizer.ggml.tokens', metadata.texts('tokenizer.ggml.tokens'));
  const types = metadata.numbers('tokenizer.ggml.token_type') ?? tokens.map(() => NORMAL);
  if (types.length !== tokens.length) {
    throw new ModelFileError('model/damaged', `${gguf.path} has ${tokens.length} tokens and ${types.length} types.`, {
      advice: 'Choose another file of this model.',
    });
  }
  const id = (name: string): number | null =>
    metadata.integer(`tokenizer.ggml.${name}_token_id`, 0, tokens.length - 1) ?? null;
  return {
    tokens,
    kinds: types.map(kindOfType),
    merges: metadata.required('tokenizer.ggml.merges', metadata.texts('tokenizer.ggml.merges')),
    preTokenizer,
    bosId: id('bos'),
    eosId: id('eos'),
    eotId: id('eot'),
    addBos: metadata.flag('tokenizer.ggml.add_bos_token') ?? preTokenizer.addBos ?? false,
    chatTemplate: metadata.text('tokenizer.chat_template') ?? null,
  };
}

/** The bytes that a token stands for in a text; control tokens stand for none. */
export function tokenBytes(vocabulary: Vocabulary, id: number): Uint8Array {
  const token = vocabulary.tokens[id];
  if (token === undefined) throw new RangeError(`Token ${id} of ${vocabulary.tokens.length}`);
  const kind = vocabulary.kinds[id]!;
  switch (kind) {
    case 'normal':
      return bytesOfCharacters(token) ?? Buffer.from(token);
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
  return type === USER_DEFINED ? 'defined' : 'other';
}

function unsupported(gguf: GgufFile, what: string): ModelFileError {
  return new ModelFileError('model/unsupported', `${gguf.path} ${what}.`, {
    advice: 'Choose a SmolLM2, Llama 3 or Qwen2 model.',
  });
}
