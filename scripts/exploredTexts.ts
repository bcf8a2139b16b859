import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { bookTokens } from '../eval/bookTokens.ts';
import { isEvalModelName, openEvalModel } from '../eval/evalModel.ts';
import { makePlan } from '../src/engine/cache/index.ts';
import { chooseSequences } from '../src/engine/explore/chooseSequences.ts';

/**
 * Writes the sequences and queries that `makePlan.ts` reads with the same options, and the boundary by
 * which it calls keys distant, for `training` to compute a plan's figures anew.
 *
 * Run: node scripts/exploredTexts.ts --model quick --book FILE.epub --tokens 3072 --seed 1 --out FILE.json
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'quick' },
    book: { type: 'string' },
    sequences: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '4096' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
});
const name = options.model;
if (!isEvalModelName(name)) throw new Error(`--model is quick or default, not ${name}`);
if (!options.book || !options.out) throw new Error('--book and --out are needed');

const { path, gguf, model, tokenizer } = await openEvalModel(name);
const sequences = chooseSequences(await bookTokens(options.book, tokenizer), model, tokenizer, {
  sequences: Number(options.sequences),
  tokens: Number(options.tokens),
  seed: Number(options.seed),
});
const { sinkTokens, windowTokens, chunkTokens } = makePlan('pod', model);
await writeFile(
  options.out,
  JSON.stringify({ gguf: path, boundary: { sinkTokens, windowTokens, chunkTokens }, sequences }),
);
gguf.close();
