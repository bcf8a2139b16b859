import type { TinyModelOptions } from '../fixtures/tinyGguf.ts';

/** Made-up vocabularies for what no real file at hand asks for: a space in front, whitespace that is swallowed. */
export const tinyVocabularies: Readonly<Record<string, TinyModelOptions>> = {
  sentencePiece: { layers: 1, vocabulary: 'sentencePiece' },
  'sentencePiece without a space in front': {
    layers: 1,
    vocabulary: 'sentencePiece',
    metadata: { 'tokenizer.ggml.add_space_prefix': { kind: 'bool', value: false } },
  },
  'sentencePiece of phi3': { layers: 1, vocabulary: 'sentencePiece', architecture: 'phi3' },
};

/** Texts of the characters that these vocabularies have, and some others. */
export const tinyTexts: readonly string[] = [
  '',
  'the',
  ' the the',
  'abcbc abbc aabcc',
  'within the thin line, another thing.',
  'a  b   c    d     e',
  'one\ntwo\n\nthree\n\n\nfour',
  '\n\nthe\n\n',
  'é😀 東京 naïve',
  '<s>the</s> the<|endoftext|> the <table> in<table>\n in',
  '</s>\n\tthe end </s>  </s>x',
  '<0x41> the',
  'ships of oars of ours  on so s  s o',
];
