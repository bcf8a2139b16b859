import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openGguf } from '../src/engine/gguf/index.ts';
import { tinyGguf } from '../test/fixtures/tinyGguf.ts';
import type { WrittenValue } from '../test/fixtures/writeGguf.ts';
import { tinyTexts, tinyVocabularies } from '../test/golden/tinyVocabularies.ts';
import { tokenTexts } from '../test/golden/tokenTexts.ts';

/**
 * Makes test/golden/tokens.json: the ids that llama.cpp gives to every text of
 * test/golden/tokenTexts.ts, with control tokens as plain text and as themselves; and to those of
 * test/golden/tinyVocabularies.ts with made-up vocabularies; and to the former again with the vocabulary of
 * the default model under each way of cutting words, most of which no model at hand uses.
 *
 * Run: npm install --prefix bench/peers && node scripts/goldenTokens.ts
 * (models from PROXIMA_MODELS, else from the default models folder)
 */
interface PeerModel {
  tokenize(text: string, specialTokens: boolean, options?: 'trimLeadingSpace'): readonly number[];
  dispose(): Promise<void>;
}
interface Peer {
  readonly getLlama: (options: object) => Promise<{ loadModel(options: object): Promise<PeerModel> }>;
}

const peers = createRequire(new URL('../bench/peers/package.json', import.meta.url));
const { getLlama } = (await import(pathToFileURL(peers.resolve('node-llama-cpp')).href)) as Peer;
const models = process.env['PROXIMA_MODELS'] ?? join(homedir(), '.local/share/proxima/models');
const files = [
  'SmolLM2-135M-Instruct.Q4_1.gguf',
  'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
  'gemma-3-270m-q4_k_m.gguf',
];

const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' });
const golden: Record<string, Record<string, { plain: readonly number[]; controls: readonly number[] }>> = {};
for (const file of files) {
  const model = await llama.loadModel({ modelPath: join(models, file), vocabOnly: true });
  golden[file] = Object.fromEntries(
    Object.entries(tokenTexts).map(([name, text]) => [
      name,
      { plain: [...model.tokenize(text, false)], controls: [...model.tokenize(text, true)] },
    ]),
  );
  await model.dispose();
}
const tiny: Record<string, Record<string, { plain: readonly number[]; controls: readonly number[] }>> = {};
for (const [name, options] of Object.entries(tinyVocabularies)) {
  const model = await llama.loadModel({ modelPath: tinyGguf(options), vocabOnly: true });
  tiny[name] = Object.fromEntries(
    tinyTexts.map((text) => [
      text,
      { plain: [...model.tokenize(text, false)], controls: [...model.tokenize(text, true)] },
    ]),
  );
  await model.dispose();
}
const cuts: Record<string, Record<string, readonly number[]>> = {};
for (const [cut, path] of await cutVocabularies(join(models, files[1]!))) {
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
  cuts[cut] = Object.fromEntries(
    Object.entries(tokenTexts).map(([name, text]) => [name, [...model.tokenize(text, false)]]),
  );
  await model.dispose();
}
const target = new URL('../test/golden/tokens.json', import.meta.url);
writeFileSync(
  target,
  `${JSON.stringify({ madeBy: 'scripts/goldenTokens.ts with node-llama-cpp 3.22.1', golden, tiny, cuts })}\n`,
);
console.log(`${Object.keys(tokenTexts).length} texts, ${files.length} models`);
process.exit(0);

/** Files with the vocabulary of another one, which cut words in each way. */
async function cutVocabularies(path: string): Promise<[string, string][]> {
  const gguf = await openGguf(path);
  const texts = (key: string): WrittenValue => ({ kind: 'strings', value: gguf.metadata.get(key) as string[] });
  const metadata = {
    'tokenizer.ggml.tokens': texts('tokenizer.ggml.tokens'),
    'tokenizer.ggml.merges': texts('tokenizer.ggml.merges'),
    'tokenizer.ggml.token_type': {
      kind: 'int32s' as const,
      value: gguf.metadata.get('tokenizer.ggml.token_type') as number[],
    },
  };
  gguf.close();
  return ['default', 'gpt-2', 'llama-bpe', 'tekken', 'dbrx', 'gpt-4o'].map((cut) => {
    const pre = { 'tokenizer.ggml.pre': { kind: 'string' as const, value: cut } };
    return [cut, tinyGguf({ layers: 1, metadata: { ...metadata, ...pre } })];
  });
}
