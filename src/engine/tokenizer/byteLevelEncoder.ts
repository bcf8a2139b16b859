import { Tokenizer as WordTokenizer } from '@huggingface/tokenizers';
import { characterOfByte } from './byteCharacters.ts';
import type { PlainEncoder } from './plainEncoder.ts';
import type { ByteLevelScheme, Vocabulary } from './vocabulary.ts';

/** Byte-level BPE: the structure of a tokenizer.json with nothing in it but words, bytes and merges. */
export function byteLevelEncoder(vocabulary: Vocabulary, scheme: ByteLevelScheme): PlainEncoder {
  const { patterns, ignoreMerges = false } = scheme.preTokenizer;
  const splits = patterns.map((Regex) => ({
    type: 'Split',
    pattern: { Regex },
    behavior: 'Isolated',
    invert: false,
  }));
  const words = Object.fromEntries(
    vocabulary.tokens.flatMap((token, id) => (vocabulary.kinds[id] === 'normal' ? [[token, id] as const] : [])),
  );
  const tokenizer = new WordTokenizer(
    {
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [...splits, { type: 'ByteLevel', use_regex: false }] },
      model: { type: 'BPE', vocab: words, merges: scheme.merges, ignore_merges: ignoreMerges },
      post_processor: null,
      decoder: null,
    },
    {},
  );
  const tokens = new Set(vocabulary.tokens);
  return {
    spacePrefix: false,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    isDropped: (byte) => !tokens.has(characterOfByte(byte)),
  };
}
