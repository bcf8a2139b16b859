import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLlamaCpp } from '../bench/llamaCpp.ts';
import { encodeTinyGguf } from '../test/fixtures/tinyGguf.ts';
import { tinyModels, tinyPrompt } from '../test/golden/tinyModels.ts';

/**
 * Makes test/golden/logits.json: what llama.cpp holds likeliest after a prompt, for the made-up models
 * of test/golden/tinyModels.ts, with a float32 cache. The checksum tells that a model is still the one that was asked.
 *
 * Run: npm install --prefix bench/peers && node scripts/goldenLogits.ts
 */
const POSITIONS = 8;
const folder = mkdtempSync(join(tmpdir(), 'proxima-golden-'));
const golden: Record<string, object> = {};
for (const [name, options] of Object.entries(tinyModels)) {
  const path = join(folder, 'tiny.gguf');
  writeFileSync(path, encodeTinyGguf(options));
  const llamaCpp = await startLlamaCpp(path, 1, 256, 'F32');
  const { positions } = await llamaCpp.call('greedy', { ids: tinyPrompt, tokens: POSITIONS });
  await llamaCpp.close();
  golden[name] = { sha256: createHash('sha256').update(readFileSync(path)).digest('hex'), positions };
}
const target = new URL('../test/golden/logits.json', import.meta.url);
writeFileSync(target, `${JSON.stringify({ madeBy: 'scripts/goldenLogits.ts with node-llama-cpp 3.22.1', golden })}\n`);
console.log(`${Object.keys(golden).length} models`);
