import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { realModel, realModels } from '../fixtures/realModels.ts';
import { tinyGguf } from '../fixtures/tinyGguf.ts';
import { tinyTexts, tinyVocabularies } from './tinyVocabularies.ts';
import tokens from './tokens.json';
import { tokenTexts } from './tokenTexts.ts';

type Golden = Readonly<
  Record<string, Readonly<Record<string, { readonly plain: number[]; readonly controls: number[] }>>>
>;
const golden: Golden = tokens.golden;

describe.each(['quick', 'default', 'gemma'] as const)('tokens of the %s model', (name) => {
  const path = realModel(name);
  const open: GgufFile[] = [];
  let tokenizer: Promise<Tokenizer> | null = null;
  const load = (): Promise<Tokenizer> =>
    (tokenizer ??= openGguf(path!).then((gguf) => {
      open.push(gguf);
      return new Tokenizer(gguf);
    }));
  afterAll(() => open.forEach((gguf) => gguf.close()));

  it('covers every text', () => {
    expect(Object.keys(golden[realModels[name]]!)).toEqual(Object.keys(tokenTexts));
  });

  it.skipIf(!path).each(Object.entries(tokenTexts))('gives llama.cpp’s ids for %s', async (text, content) => {
    const expected = golden[realModels[name]]![text]!;
    const made = await load();
    // llama.cpp's "plain" still takes words that the vocabulary defines beside its merges.
    expect(made.encode(content, 'defined')).toEqual(expected.plain);
    expect(made.encode(content, 'controls')).toEqual(expected.controls);
  });

  it.skipIf(!path).each(Object.entries(tokenTexts))('places the tokens of %s exactly', async (_, content) => {
    const made = await load();
    const { ids, offsets } = made.encodeWithOffsets(content);
    expect(offsets).toHaveLength(ids.length + 1);
    expect(offsets.at(-1)).toBe(content.length);
    for (let index = 0; index < ids.length; index++) {
      const [start, end] = [offsets[index]!, offsets[index + 1]!];
      expect(start).toBeLessThanOrEqual(end);
      const own = made.decode([ids[index]!]);
      // Whole characters of the token must stand there; a token of half a character only has a place.
      if (!own.includes('\ufffd')) expect(content.slice(start, end).startsWith(own), `token ${index}`).toBe(true);
    }
  });
});

describe.each(Object.entries(tinyVocabularies))('tokens of a made-up vocabulary: %s', (name, options) => {
  const recorded: Golden[string] = (tokens.tiny as Golden)[name]!;

  it('covers every text', () => {
    expect(Object.keys(recorded)).toEqual(tinyTexts);
  });

  it.each(tinyTexts)('gives llama.cpp’s ids for %j', async (text) => {
    const gguf = await openGguf(tinyGguf(options));
    const tokenizer = new Tokenizer(gguf);
    expect(tokenizer.encode(text, 'defined')).toEqual(recorded[text]!.plain);
    expect(tokenizer.encode(text, 'controls')).toEqual(recorded[text]!.controls);
    gguf.close();
  });
});

const cutPath = realModel('default');

describe.skipIf(!cutPath).each(Object.entries(tokens.cuts))('words cut the way of %s', (cut, recorded) => {
  let gguf: GgufFile;
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    gguf = await openGguf(cutPath!);
    const metadata = new Map(gguf.metadata).set('tokenizer.ggml.pre', cut);
    tokenizer = new Tokenizer(Object.assign(Object.create(gguf) as GgufFile, { metadata }));
  });
  afterAll(() => gguf.close());

  it.each(Object.entries(tokenTexts))('give llama.cpp’s ids for %s', (text, content) => {
    expect(tokenizer.encode(content, 'defined')).toEqual((recorded as Record<string, number[]>)[text]);
  });
});
