import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { progressLine } from '../scripts/progressLine.ts';
import { openPlanFile } from '../src/engine/adapter/index.ts';
import { makePlan } from '../src/engine/cache/index.ts';
import { createDecoder, type Decoder } from '../src/engine/decode/decoder.ts';
import { type PolicyName, policyNames } from '../src/shared/domain/index.ts';
import { bookTokens } from './bookTokens.ts';
import { copyText } from './copyText.ts';
import { isEvalModelName, openEvalModel } from './evalModel.ts';
import { measureText } from './measureText.ts';

/**
 * Quality of cache policies on a novel, through the shipped engine: perplexity of its prose,
 * loss on repeated passages, agreement with and divergence from dense, and the bytes that
 * were really allocated. Prints one JSON line for each policy, then a table.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'quick' },
    context: { type: 'string', default: '6000' },
    book: { type: 'string', default: '../shared/data/books/pride-and-prejudice.epub' },
    /** Where in the book the prose begins; the text with repeats begins `context` later. */
    start: { type: 'string', default: '20000' },
    /** Plan files to measure beside dense. */
    plan: { type: 'string', multiple: true },
    /** Policies to measure beside dense, under each plan. */
    policy: { type: 'string', multiple: true, default: policyNames.filter((policy) => policy !== 'dense') },
    /** Window of near tokens, in place of the plans' own. */
    window: { type: 'string' },
    /** Tokens of a block, in place of the plans' own. */
    chunk: { type: 'string' },
    /** Distant tokens that pod+select reads; each adds a row. */
    read: { type: 'string', multiple: true, default: ['1024'] },
  },
});

const name = options.model;
if (!isEvalModelName(name)) throw new Error(`--model is quick or default, not ${name}`);
const context = Number(options.context);
const start = Number(options.start);
const { gguf, model, tokenizer } = await openEvalModel(name);
const book = await bookTokens(options.book, tokenizer);
const prose = book.slice(start, start + context);
const copy = copyText(book.slice(start + context, start + 2 * context), context);
const planFiles = options.plan ?? [`resources/plans/${name}.json`];
const shared = await Promise.all(planFiles.map((path) => openPlanFile(path, gguf, model)));
const plans = shared.flatMap(({ plan, adapter }) =>
  options.policy.map(policyName).flatMap((policy) => {
    const windowTokens = Number(options.window ?? plan.windowTokens);
    const chunkTokens = Number(options.chunk ?? plan.chunkTokens);
    const reads = policy === 'pod' ? [0] : options.read.map(Number);
    return reads.map((readTokens) => {
      const sized = makePlan(policy, model, { ...plan, windowTokens, chunkTokens, readTokens });
      return { plan: sized, adapter: sized.adapter ? adapter : null };
    });
  }),
);
/** The last thousand tokens of the prose are written, not read. */
const written = [[context - 1024, context]] as const;

const decoders: Decoder[] = [];
const { chunkTokens } = plans[0]!.plan;
const dense = { plan: makePlan('dense', model, { chunkTokens }), adapter: null };
for (const opened of [dense, ...plans]) {
  decoders.push(await createDecoder({ gguf, model, ...opened }));
}
const onProse = await measureText(
  decoders,
  prose,
  { prose: [[1, context]], distantProse: [[512, context]], written },
  { written, onProgress: progressLine('prose') },
);
const onCopies = await measureText(decoders, copy.ids, copy.spans, {
  written: copy.spans['copy']!,
  onProgress: progressLine('copies'),
});

const rows = decoders.map(({ plan }, i) => {
  const { cache, spans, prefillMs } = onProse[i]!;
  const copies = onCopies[i]!.spans;
  return {
    engine: 'proxima',
    model: name,
    policy: plan.policy,
    plan: plan.id,
    adapter: plan.adapter?.sha256 ?? null,
    book: basename(options.book),
    start,
    context,
    perplexity: digits(spans['prose']!.perplexity, 5),
    distantPerplexity: digits(spans['distantProse']!.perplexity, 5),
    writtenPerplexity: digits(spans['written']!.perplexity, 5),
    copyLoss: digits(copies['copy']!.meanLoss, 4),
    copyLossNear: digits(copies['copyNear']!.meanLoss, 4),
    copyLossFar: digits(copies['copyFar']!.meanLoss, 4),
    topOneAgreement: digits(spans['prose']!.agreement, 4),
    writtenDivergence: digits(spans['written']!.meanDivergence, 4),
    readTokens: decoders[i]!.plan.select?.readTokens ?? null,
    meanDivergence: digits(spans['prose']!.meanDivergence, 4),
    distantKeysDropped: digits(cache.distantKeysDropped, 4),
    cacheBytes: cache.cacheBytes,
    denseBytes: cache.denseBytes,
    denseFp16Bytes: cache.denseFp16Bytes,
    prefillMs: Math.round(prefillMs),
  };
});
for (const row of rows) console.log(JSON.stringify(row));
console.table(
  rows.map((row) => ({
    policy: row.plan,
    dropped: row.distantKeysDropped,
    perplexity: row.perplexity,
    written: row.writtenPerplexity,
    copy: row.copyLoss,
    near: row.copyLossNear,
    far: row.copyLossFar,
    top1: row.topOneAgreement,
    KL: row.meanDivergence,
    writtenKL: row.writtenDivergence,
    cacheMiB: digits(row.cacheBytes / 2 ** 20, 4),
    ofFp16: digits(row.cacheBytes / row.denseFp16Bytes, 3),
  })),
);
for (const decoder of decoders) await decoder.dispose();
gguf.close();

function digits(value: number, count: number): number {
  return Number(value.toPrecision(count));
}

function policyName(text: string): PolicyName {
  const name = policyNames.find((known) => known === text);
  if (!name) throw new Error(`--policy is one of ${policyNames.join(', ')}, not ${text}`);
  return name;
}
