import { afterAll, expect, it } from 'vitest';
import { chooseSequences } from '#engine/explore/chooseSequences.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';
import { calibrationProse } from './calibrationProse.ts';

const opened: GgufFile[] = [];
afterAll(() => opened.forEach((gguf) => gguf.close()));

async function sequencesOf(addBos: boolean, contextTokens = 4_096) {
  const metadata = { 'tokenizer.ggml.add_bos_token': { kind: 'bool' as const, value: addBos } };
  const gguf = await openGguf(tinyGguf({ metadata }));
  opened.push(gguf);
  const tokenizer = new Tokenizer(gguf);
  const book = tokenizer.encode(calibrationProse(200), 'plain');
  return chooseSequences(book, { contextTokens }, tokenizer, { sequences: 2, seed: 1 });
}

it('reads running text with repeats, and as many texts with questions', async () => {
  const sequences = await sequencesOf(false);
  const kinds = sequences.map(({ queries }) => [...new Set(queries.map(({ kind }) => kind))].sort().join(' '));
  expect(kinds).toEqual(['copy prose', 'copy prose', 'retrieval', 'retrieval']);
});

it('begins with the token that the model was trained to begin with, and fits its context', async () => {
  const plain = await sequencesOf(false);
  const begun = await sequencesOf(true);
  expect(begun.map(({ ids }) => ids[0])).toEqual([1, 1, 1, 1]);
  expect(begun[0]!.ids.slice(1)).toEqual(plain[0]!.ids);
  const moved = plain[0]!.queries.map(({ kind, position }) => ({ kind, position: position + 1 }));
  expect(begun[0]!.queries).toEqual(moved);
  // The template writes its own first token here.
  expect(Math.max(...(await sequencesOf(true, 2_100)).map(({ ids }) => ids.length))).toBeLessThanOrEqual(2_100);
});
