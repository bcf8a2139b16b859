import { appendFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createDecoder, type Decoder } from '#engine/decode/decoder.ts';
import { defaultThreads } from '#engine/runtime/threads.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { openBenchModel } from './benchModel.ts';
import { benchText } from './benchText.ts';
import { type PeerPosition, startLlamaCpp } from './llamaCpp.ts';
import { describeMachine } from './machine.ts';

/**
 * Does Proxima say what llama.cpp says on the same file? Prompts of 20 to 1,500 tokens are continued
 * greedily by llama.cpp; Proxima reads prompt and continuation and must hold the same token
 * likeliest at every position. Where it does not, llama.cpp itself must have been undecided.
 * With `--engine llama.cpp` the one compared is llama.cpp again, with a float32 cache in place of its
 * float16 one: how far it agrees with itself is as far as another engine can.
 *
 * Usage: node bench/agreement.ts [--model quick|default|PATH] [--engine proxima|llama.cpp] [--precision packed|float32]
 *   [--prompts 20] [--positions 32] [--text FILE] [--golden FILE]
 */
const SHORTEST_PROMPT = 20;
const LONGEST_PROMPT = 1500;

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'quick' },
    prompts: { type: 'string', default: '20' },
    positions: { type: 'string', default: '32' },
    engine: { type: 'string', default: 'proxima' },
    text: { type: 'string' },
    /** 'float32' rounds nothing: what agreement would be without 8-bit activations. */
    precision: { type: 'string', default: 'packed' },
    /** Writes the prompts and llama.cpp's answers there, for test/golden. */
    golden: { type: 'string' },
  },
});
const prompts = Number(values.prompts);
const positions = Number(values.positions);
const bench = await openBenchModel(values.model);
const threads = defaultThreads();
const tokenizer = new Tokenizer(bench.gguf);
const ids = tokenizer.encode(benchText(values.text), 'plain');
const { addBos, bosId } = tokenizer.vocabulary;
/** What every prompt begins with, where the model was trained so. */
const begin = addBos && bosId !== null ? [bosId] : [];
const llamaCpp = await startLlamaCpp(bench.path, threads, LONGEST_PROMPT + positions + 8);
const compared = values.engine === 'llama.cpp' ? await otherLlamaCpp() : await proxima();

let positionCount = 0;
let agreed = 0;
let widestGap = 0;
const gaps: number[] = [];
const golden: { ids: number[]; positions: PeerPosition[] }[] = [];
for (let prompt = 0; prompt < prompts; prompt++) {
  const share = prompts === 1 ? 0 : prompt / (prompts - 1);
  const length = Math.round(SHORTEST_PROMPT * (LONGEST_PROMPT / SHORTEST_PROMPT) ** share);
  const start = Math.floor(((ids.length - length) * ((prompt * 7) % prompts)) / prompts);
  const promptIds = [...begin, ...ids.slice(start, start + length - begin.length)];
  const peer = (await llamaCpp.call('greedy', { ids: promptIds, tokens: positions })).positions;
  const own = await compared.likeliest(
    promptIds,
    peer.map(({ top1 }) => top1.id),
  );
  let same = 0;
  for (const [index, { top1, top2 }] of peer.entries()) {
    positionCount += 1;
    if (own[index] === top1.id) {
      same += 1;
      continue;
    }
    const gap = top1.logProb - top2.logProb;
    gaps.push(gap);
    widestGap = Math.max(widestGap, gap);
  }
  agreed += same;
  golden.push({ ids: promptIds, positions: peer });
  console.error(`${bench.name}, prompt of ${length} tokens: ${same} of ${peer.length} agree`);
}
await compared.close();
await llamaCpp.close();
bench.gguf.close();

const record = {
  model: bench.name,
  engine: values.engine,
  precision: values.precision,
  prompts,
  compared: positionCount,
  agreed,
  agreement: Math.round((10_000 * agreed) / positionCount) / 10_000,
  /** llama.cpp's own gap between its top two, in logits, where the other chose differently. */
  gapsWhereDifferent: gaps.map((gap) => Math.round(gap * 1000) / 1000).sort((a, b) => b - a),
  machine: describeMachine(),
};
appendFileSync(new URL('results.jsonl', import.meta.url), `${JSON.stringify(record)}\n`);
console.log(JSON.stringify(record));
if (values.golden) writeFileSync(values.golden, JSON.stringify(golden));
if (record.agreement < 0.98 || widestGap > 0.3) process.exitCode = 1;

/** What is compared with llama.cpp. */
interface Compared {
  /** The likeliest token after the prompt, and after each of `continuation` but the last. */
  likeliest(promptIds: readonly number[], continuation: readonly number[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

async function proxima(): Promise<Compared> {
  const decoder = await createDecoder({
    gguf: bench.gguf,
    model: bench.model,
    plan: bench.densePlan,
    threads,
    precision: values.precision === 'float32' ? 'float32' : 'packed',
  });
  return {
    likeliest: (promptIds, continuation) => forced(decoder, promptIds, continuation),
    close: () => decoder.dispose(),
  };
}

async function otherLlamaCpp(): Promise<Compared> {
  const other = await startLlamaCpp(bench.path, threads, LONGEST_PROMPT + positions + 8, 'F32');
  return {
    async likeliest(promptIds, continuation) {
      const request = { ids: promptIds, tokens: positions, forced: continuation };
      return (await other.call('greedy', request)).positions.map(({ top1 }) => top1.id);
    },
    close: () => other.close(),
  };
}

/** Reads and steps as an answer does, so that what is compared is what a person gets. */
async function forced(of: Decoder, promptIds: readonly number[], continuation: readonly number[]): Promise<number[]> {
  const sequence = of.startSequence();
  const likeliest = [best((await sequence.prefill(promptIds)).logits)];
  for (const id of continuation.slice(0, -1)) likeliest.push(best((await sequence.step(id)).logits));
  sequence.dispose();
  return likeliest;
}

function best(logits: Float32Array): number {
  let at = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[at]!) at = id;
  return at;
}
