import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { ChatTemplate, layOutPrompt, Tokenizer } from '#engine/tokenizer/index.ts';
import { MergeQueue } from '../../../../src/engine/tokenizer/mergeQueue.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';
import { sentencePieceTokens } from '../../../fixtures/tinySentencePiece.ts';

let gguf: GgufFile;
let tokenizer: Tokenizer;
let unprefixed: Tokenizer;
beforeAll(async () => {
  gguf = await openGguf(tinyGguf({ layers: 1, vocabulary: 'sentencePiece' }));
  tokenizer = new Tokenizer(gguf);
  unprefixed = new Tokenizer(changed('tokenizer.ggml.add_space_prefix', false));
});
afterAll(() => gguf.close());

function changed(key: string, value: boolean | string | readonly number[]): GgufFile {
  return Object.assign(Object.create(gguf) as GgufFile, { metadata: new Map(gguf.metadata).set(key, value) });
}

const textsOf = (ids: readonly number[]): string[] => ids.map((id) => sentencePieceTokens[id]!);

describe('a SentencePiece vocabulary', () => {
  it('joins the pair with the highest score first', () => {
    // "▁t" comes before "th", which leaves the "h" alone.
    expect(textsOf(tokenizer.encode('thin', 'plain'))).toEqual(['▁t', 'h', 'in']);
    expect(textsOf(unprefixed.encode('thin', 'plain'))).toEqual(['th', 'in']);
    expect(textsOf(tokenizer.encode('the', 'plain'))).toEqual(['▁the']);
  });

  it('joins the leftmost of equal pairs', () => {
    expect(textsOf(unprefixed.encode('abc', 'plain'))).toEqual(['abc']);
    expect(textsOf(unprefixed.encode('abcbc', 'plain'))).toEqual(['abc', 'bc']);
    expect(textsOf(unprefixed.encode('abbc', 'plain'))).toEqual(['ab', 'bc']);
  });

  it('joins across a space where a token has one within it', () => {
    expect(textsOf(unprefixed.encode('as on', 'plain'))).toEqual(['a', 's▁o', 'n']);
    expect(textsOf(unprefixed.encode('an on', 'plain'))).toEqual(['a', 'n', '▁', 'o', 'n']);
  });

  it('writes characters that are no token as bytes, and gives them back', () => {
    expect(textsOf(unprefixed.encode('é😀', 'plain'))).toEqual(['é', '<0xF0>', '<0x9F>', '<0x98>', '<0x80>']);
    const text = 'the end\tof 東京, ñandú 😀 <s>';
    expect(unprefixed.decode(unprefixed.encode(text, 'plain'))).toBe(text);
  });

  it('takes whitespace that it defines as a word in any text, and other defined words only when asked to', () => {
    expect(textsOf(unprefixed.encode('a\n\nb', 'plain'))).toEqual(['a', '\n\n', 'b']);
    expect(textsOf(unprefixed.encode('<table>', 'defined'))).toEqual(['<table>']);
    expect(textsOf(unprefixed.encode('<table>', 'plain'))).not.toContain('<table>');
    expect(textsOf(unprefixed.encode('<s>', 'plain'))).not.toContain('<s>');
  });

  it('writes a space in front of a text, and after each special token', () => {
    expect(textsOf(tokenizer.encode('a<s>a', 'controls'))).toEqual(['▁a', '<s>', '▁a']);
    expect(textsOf(tokenizer.encodeWithin('a'))).toEqual(['a']);
  });

  it('places the tokens of a text that goes on after another exactly', () => {
    const text = 'thé  é 😀';
    const { ids, offsets } = tokenizer.encodeWithOffsets(text);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(textsOf(ids).slice(0, 3)).toEqual(['th', 'é', '▁▁']);
    expect(offsets.slice(0, 4)).toEqual([0, 2, 3, 5]);
    expect(offsets.at(-1)).toBe(text.length);
  });

  it('writes no space into a prompt where its parts join', () => {
    // A space in front would make "▁the" of the part, and two tokens of the "in".
    const template = new ChatTemplate({ ...tokenizer.vocabulary, chatTemplate: '<s>{{ messages[0].content }}in' });
    const { ids } = layOutPrompt([{ role: 'user', parts: [{ text: 'the', source: 'page 1' }] }], tokenizer, template);
    expect(textsOf(ids)).toEqual(['<s>', 'the', 'in']);
  });

  it('begins texts with its begin token where the file does not say', () => {
    expect(tokenizer.vocabulary).toMatchObject({ addBos: true, bosId: 1 });
  });

  it('refuses scores that do not fit the tokens', () => {
    expect(() => new Tokenizer(changed('tokenizer.ggml.scores', [1, 2]))).toThrow(/2 scores/);
  });
});

describe('MergeQueue', () => {
  it('gives out by score, then from the left', () => {
    const random = new SeededRandom(3);
    const queue = new MergeQueue();
    const merges = Array.from({ length: 200 }, (_, left) => ({
      left,
      right: left + 1,
      length: 2,
      score: Math.round(3 * random.normal()),
    }));
    for (const merge of merges) queue.push(merge);
    const found = Array.from(merges, () => queue.pop());
    expect(found).toEqual(merges.toSorted((a, b) => b.score - a.score || a.left - b.left));
    expect(queue.pop()).toBeUndefined();
  });
});
