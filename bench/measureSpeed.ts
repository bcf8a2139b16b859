import { createDecoder } from '#engine/decode/decoder.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import type { BenchModel } from './benchModel.ts';
import type { LlamaCpp } from './llamaCpp.ts';

export interface Speed {
  readonly prefillTokensPerSecond: number;
  readonly decodeTokensPerSecond: number;
  readonly cacheBytes: number;
}

/** Repeats of one measurement; the fastest counts, since other work on the machine only ever adds. */
const REPEATS = 3;

/** Tokens written after the prompt in each repeat. */
export const DECODE_TOKENS = 48;

/** Times Proxima under one plan for prompts of several lengths, with one loaded decoder. */
export async function measureProxima(
  bench: BenchModel,
  plan: CachePlan,
  ids: readonly number[],
  contexts: readonly number[],
  threads: number,
): Promise<Map<number, Speed>> {
  const decoder = await createDecoder({ gguf: bench.gguf, model: bench.model, plan, threads });
  const speeds = new Map<number, Speed>();
  for (const context of contexts) {
    let prefillMs = Infinity;
    let decodeMs = Infinity;
    let cacheBytes = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const sequence = decoder.startSequence();
      const prefillStart = performance.now();
      let { logits } = await sequence.prefill(ids.slice(0, context));
      prefillMs = Math.min(prefillMs, performance.now() - prefillStart);
      const decodeStart = performance.now();
      for (let made = 0; made < DECODE_TOKENS; made++) ({ logits } = await sequence.step(likeliest(logits)));
      decodeMs = Math.min(decodeMs, performance.now() - decodeStart);
      ({ cacheBytes } = sequence.report());
      sequence.dispose();
    }
    speeds.set(context, speedOf(context, prefillMs, DECODE_TOKENS, decodeMs, cacheBytes));
  }
  await decoder.dispose();
  return speeds;
}

/** Times llama.cpp for the same prompts. Its cache is the float16 one it keeps by default. */
export async function measureLlamaCpp(
  peer: LlamaCpp,
  bench: BenchModel,
  ids: readonly number[],
  contexts: readonly number[],
): Promise<Map<number, Speed>> {
  const { layers, kvHeads, headDim } = bench.model;
  const speeds = new Map<number, Speed>();
  for (const context of contexts) {
    let prefillMs = Infinity;
    let decodeMs = Infinity;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const run = await peer.call('speed', { ids: ids.slice(0, context), tokens: DECODE_TOKENS });
      prefillMs = Math.min(prefillMs, run.prefillMs);
      decodeMs = Math.min(decodeMs, run.decodeMs);
    }
    const cacheBytes = 2 * layers * kvHeads * headDim * 2 * (context + DECODE_TOKENS);
    speeds.set(context, speedOf(context, prefillMs, DECODE_TOKENS, decodeMs, cacheBytes));
  }
  return speeds;
}

function speedOf(context: number, prefillMs: number, tokens: number, decodeMs: number, cacheBytes: number): Speed {
  return {
    prefillTokensPerSecond: Math.round((10_000 * context) / prefillMs) / 10,
    decodeTokensPerSecond: Math.round((10_000 * tokens) / decodeMs) / 10,
    cacheBytes,
  };
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}
