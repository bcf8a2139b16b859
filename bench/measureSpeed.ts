import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { engineExecArgv } from '#engine/engineExecArgv.ts';
import { allocatorSettings } from '#host/chromium/forkUtility.ts';
import type { AttentionShape, PolicyName } from '#shared/domain/index.ts';
import { startLlamaCpp } from './llamaCpp.ts';

/** What is measured, alike for every engine. */
export interface SpeedRequest {
  /** As `openBenchModel` takes it. */
  readonly model: string;
  readonly contexts: readonly number[];
  readonly threads: number;
  /** Repeats of one measurement; the fastest counts, since other work on the machine only ever adds. */
  readonly repeats: number;
  /** Text file in place of the project's own text. */
  readonly text: string | null;
}

export interface Speed {
  readonly prefillTokensPerSecond: number;
  /** Reading the whole prompt, until the first token can be chosen. */
  readonly timeToFirstTokenMs: number;
  readonly decodeTokensPerSecond: number;
  readonly cacheBytes: number;
  /** Largest resident memory of the engine's process up to the end of this context; contexts come in ascending order. */
  readonly peakRssBytes: number;
  /** Resident memory of the engine's process at the end of this context; null where it is not known. */
  readonly rssBytes: number | null;
  /** Graphs as they are given to the runtime, nearly all of them packed weights; null where it is not known. */
  readonly weightBytes: number | null;
}

/** Tokens written after the prompt in each repeat. */
export const DECODE_TOKENS = 48;

/** The fastest of some runs. */
export function speedOf(
  context: number,
  runs: readonly { readonly prefillMs: number; readonly decodeMs: number }[],
  memory: Pick<Speed, 'cacheBytes' | 'peakRssBytes' | 'rssBytes' | 'weightBytes'>,
): Speed {
  const prefillMs = Math.min(...runs.map((run) => run.prefillMs));
  const decodeMs = Math.min(...runs.map((run) => run.decodeMs));
  return {
    prefillTokensPerSecond: Math.round((10_000 * context) / prefillMs) / 10,
    timeToFirstTokenMs: Math.round(prefillMs),
    decodeTokensPerSecond: Math.round((10_000 * DECODE_TOKENS) / decodeMs) / 10,
    ...memory,
  };
}

/**
 * Times Proxima under one policy in a process of its own, as the app's engine has one, so that its memory is its own too.
 * @returns by context; null for a model that has no plan for this policy
 */
export async function measureProxima(policy: PolicyName, request: SpeedRequest): Promise<Map<number, Speed> | null> {
  const script = new URL('proximaRun.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [...engineExecArgv, script, JSON.stringify({ ...request, policy })], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...allocatorSettings, ...process.env },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const printed = await text(child.stdout);
  if ((await exited) !== 0) throw new Error(`Measuring ${policy} failed.`);
  const speeds = JSON.parse(printed) as [number, Speed][] | null;
  return speeds && new Map(speeds);
}

/** Times llama.cpp for the same prompts. */
export async function measureLlamaCpp(
  cacheType: 'F16' | 'Q8_0',
  { path, shape }: { readonly path: string; readonly shape: AttentionShape },
  ids: readonly number[],
  { contexts, threads, repeats }: SpeedRequest,
): Promise<Map<number, Speed>> {
  const peer = await startLlamaCpp(path, threads, Math.max(...contexts) + DECODE_TOKENS + 8, cacheType);
  const speeds = new Map<number, Speed>();
  // A block of 32 numbers in Q8_0 has a float16 scale.
  const elementBytes = cacheType === 'F16' ? 2 : 34 / 32;
  for (const context of contexts) {
    const runs = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      runs.push(await peer.call('speed', { ids: ids.slice(0, context), tokens: DECODE_TOKENS }));
    }
    const rows = shape.layers * (context + DECODE_TOKENS);
    const cacheBytes = 2 * rows * shape.kvHeads * shape.headDim * elementBytes;
    const { peakRssBytes } = runs.at(-1)!;
    speeds.set(context, speedOf(context, runs, { cacheBytes, peakRssBytes, rssBytes: null, weightBytes: null }));
  }
  await peer.close();
  return speeds;
}
