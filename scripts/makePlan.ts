import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { bookTokens } from '../eval/bookTokens.ts';
import { fingerprintFile, isEvalModelName, openEvalModel } from '../eval/evalModel.ts';
import { makePlan } from '../src/engine/cache/index.ts';
import { createDecoder, type Decoder } from '../src/engine/decode/decoder.ts';
import { calibrationSequences } from '../src/engine/explore/calibrationSequences.ts';
import { collectSample } from '../src/engine/explore/collectSample.ts';
import { fitPairs } from '../src/engine/explore/pairTable.ts';
import { formatPlanDocument } from '../src/engine/explore/planDocument.ts';
import { searchPlan } from '../src/engine/explore/planSearch.ts';
import { retrievalSequences } from '../src/engine/explore/retrievalSequences.ts';
import { roundMixes } from '../src/engine/explore/roundMixes.ts';
import { seededRandom } from '../src/engine/explore/seededRandom.ts';
import { exploreTaps, tapSequence } from '../src/engine/explore/tapSequence.ts';
import { ChatTemplate } from '../src/engine/tokenizer/index.ts';
import { progressLine } from './progressLine.ts';

/**
 * Makes the sharing plan of a model from a calibration book: reads sequences of it, some followed
 * by questions, with dense attention, fits every pair of layers, and writes resources/plans/NAME.json.
 * Stopped half way, it goes on with the sequences that are missing.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'quick' },
    book: { type: 'string', default: '../shared/data/books/moby-dick.epub' },
    leaders: { type: 'string' },
    protect: { type: 'string', default: '0' },
    window: { type: 'string', default: '256' },
    sequences: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '4096' },
    seed: { type: 'string', default: '1' },
    work: { type: 'string', default: 'test/output/explore' },
    out: { type: 'string' },
  },
});

const name = options.model;
if (!isEvalModelName(name)) throw new Error(`--model is quick or default, not ${name}`);
const { path, gguf, model, tokenizer } = await openEvalModel(name);
const fingerprint = await fingerprintFile(path);
const leaders = Number(options.leaders ?? Math.ceil(model.layers / 2));
const seed = Number(options.seed);
const folder = join(options.work, name);
await mkdir(folder, { recursive: true });

const book = await bookTokens(options.book, tokenizer);
const count = { sequences: Number(options.sequences), tokens: Number(options.tokens) };
const sequences = [
  ...calibrationSequences(book, { ...count, random: seededRandom(seed) }),
  ...retrievalSequences(book, tokenizer, new ChatTemplate(tokenizer.vocabulary), {
    ...count,
    random: seededRandom(seed + 1000),
  }),
];
const textDigest = createHash('sha256').update(JSON.stringify(sequences)).digest('hex');
const boundary = makePlan('pod', model);

let decoder: Decoder | null = null;
const reading = progressLine('reading');
const sample = await collectSample(
  sequences,
  async (sequence) => {
    decoder ??= await createDecoder({ gguf, model, plan: makePlan('dense', model), taps: exploreTaps(model.layers) });
    return tapSequence(decoder, boundary, sequence, { onProgress: (done, total) => void reading(done, total) });
  },
  {
    seed,
    folder,
    made: `model ${fingerprint}, texts ${textDigest}, seed ${seed}, window ${boundary.sinkTokens}+${boundary.windowTokens}`,
    sinkTokens: boundary.sinkTokens,
    onProgress: (done, total) => void reading(done, total),
  },
);
await (decoder as Decoder | null)?.dispose();
gguf.close();

const table = await fitPairs(sample, { onProgress: progressLine('fitting pairs of layers') });
const found = searchPlan(table, {
  leaders,
  protectedHeads: Number(options.protect),
});
const plan = makePlan('pod', model, { layers: roundMixes(found.layers), windowTokens: Number(options.window) });
const out = options.out ?? `resources/plans/${name}.json`;
await mkdir('resources/plans', { recursive: true });
await writeFile(
  out,
  formatPlanDocument({
    made: {
      how: 'Head mixes by weighted ridge least squares and Newton steps on the merged attention; leaders by dynamic programming over the attention moved on prose, copying and answering; the follower heads that would lose most at copying or answering keep their keys.',
      command: `node scripts/makePlan.ts --model ${name} --leaders ${leaders} --protect ${options.protect} --window ${options.window} --sequences ${options.sequences} --tokens ${options.tokens} --seed ${seed}`,
      date: new Date().toISOString().slice(0, 10),
      texts: [basename(options.book)],
      seed,
      figures: {
        queries: sample.queries.length,
        keysDropped: round(found.keysDropped),
        attentionMovedOnProse: round(found.error.prose),
        attentionMovedOnCopying: round(found.error.copy),
        attentionMovedOnAnswering: round(found.error.retrieval),
        leaders: found.blocks.map(({ leader }) => leader),
        protectedHeads: found.protected.map(({ layer, kvHead }) => `${layer}.${kvHead}`),
      },
    },
    model: { name: model.name, fingerprint },
    plan,
  }),
);
console.log(
  `${out}: ${plan.id}, ${leaders} leaders (${found.blocks.map(({ leader }) => leader).join(' ')}), ` +
    `${(found.keysDropped * 100).toFixed(1)}% of distant keys dropped, ` +
    `attention moved ${found.error.prose.toFixed(3)} on prose, ${found.error.copy.toFixed(3)} on copying, ` +
    `${found.error.retrieval.toFixed(3)} on answering`,
);

function round(value: number): number {
  return Number(value.toPrecision(4));
}
