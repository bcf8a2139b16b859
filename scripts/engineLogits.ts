import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openPlanFile } from '../src/engine/adapter/index.ts';
import { makePlan } from '../src/engine/cache/index.ts';
import { createDecoder } from '../src/engine/decode/decoder.ts';
import { openGguf } from '../src/engine/gguf/index.ts';
import { describeModel } from '../src/engine/model/index.ts';

/**
 * Writes what the engine predicts after each token of a text, in the float32 graphs, for the tests of
 * `training` to compare with.
 *
 * Run: node scripts/engineLogits.ts --gguf FILE --ids FILE [--plan FILE] --out FILE
 * - ids: a JSON list of tokens
 * - plan: a plan file, whose adapter is merged into the weights; else dense
 * - out: `[tokens, vocabSize]` float32, in the byte order of the machine
 */
const { values: options } = parseArgs({
  options: {
    gguf: { type: 'string' },
    ids: { type: 'string' },
    plan: { type: 'string' },
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
const decoder = await createDecoder({ gguf, model, plan, adapter, precision: 'float32' });
const sequence = decoder.startSequence();
const logits = new Float32Array(ids.length * model.vocabSize);
await sequence.prefill(ids, {
  allLogits: true,
  onChunk: ({ start, logits: ofChunk }) => logits.set(ofChunk!, start * model.vocabSize),
});
await writeFile(options.out, logits);
sequence.dispose();
await decoder.dispose();
gguf.close();
