import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openPlanFile } from '../src/engine/adapter/index.ts';
import { makePlan } from '../src/engine/cache/index.ts';
import { createDecoder } from '../src/engine/decode/decoder.ts';
import { openGguf } from '../src/engine/gguf/index.ts';
import { describeModel } from '../src/engine/model/index.ts';

/**
 * Writes what the engine predicts after the tokens of a text, in the float32 graphs, for `training` to compare with.
 *
 * Run: node scripts/engineLogits.ts --gguf FILE --ids FILE [--plan FILE] [--last N] [--rounded] --out FILE
 * - ids: a JSON list of tokens
 * - plan: a plan file, whose adapter is merged into the weights; else dense
 * - last: only of so many tokens at the end
 * - rounded: the graphs of the product, activations in 8 bits
 * - out: `[tokens, vocabSize]` float32, in the byte order of the machine
 */
const { values: options } = parseArgs({
  options: {
    gguf: { type: 'string' },
    ids: { type: 'string' },
    plan: { type: 'string' },
    last: { type: 'string' },
    rounded: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
});
if (!options.gguf || !options.ids || !options.out) throw new Error('--gguf, --ids and --out are needed');

const gguf = await openGguf(options.gguf);
const model = describeModel(gguf);
const { plan, adapter } = options.plan
  ? await openPlanFile(options.plan, gguf, model)
  : { plan: makePlan('dense', model, {}), adapter: null };
const ids = JSON.parse(await readFile(options.ids, 'utf8')) as number[];
const decoder = await createDecoder({
  gguf,
  model,
  plan,
  adapter,
  ...(!options.rounded && { precision: 'float32' as const }),
});
const sequence = decoder.startSequence();
const first = options.last === undefined ? 0 : Math.max(0, ids.length - Number(options.last));
const logits = new Float32Array((ids.length - first) * model.vocabSize);
await sequence.prefill(ids, {
  allLogits: true,
  onChunk: ({ start, logits: ofChunk }) => {
    const skipped = Math.max(0, first - start) * model.vocabSize;
    if (skipped < ofChunk!.length) logits.set(ofChunk!.subarray(skipped), Math.max(0, start - first) * model.vocabSize);
  },
});
await writeFile(options.out, logits);
sequence.dispose();
await decoder.dispose();
gguf.close();
