import { createDecoder } from '#engine/decode/decoder.ts';
import { createSession, type SessionFactory } from '#engine/runtime/ort.ts';
import type { PolicyName } from '#shared/domain/index.ts';
import { benchIds, benchPlan, openBenchModel } from './benchModel.ts';
import { DECODE_TOKENS, type Speed, type SpeedRequest, speedOf } from './measureSpeed.ts';

/**
 * Times Proxima under one policy, with one loaded decoder, and prints the speeds by context as JSON. Run by
 * `measureProxima`, which wants it in a process of its own.
 */
async function run({
  policy,
  contexts,
  threads,
  repeats,
  text,
  ...request
}: SpeedRequest & { policy: PolicyName }): Promise<void> {
  const bench = await openBenchModel(request.model);
  const opened = await benchPlan(bench, policy);
  let weightBytes = 0;
  const weighing: SessionFactory = (graph, options) => {
    weightBytes += graph.byteLength;
    return createSession(graph, options);
  };
  const { gguf, model } = bench;
  const decoder = opened && (await createDecoder({ gguf, model, ...opened, threads, createSession: weighing }));
  if (!decoder) {
    console.log('null');
    return;
  }
  const ids = benchIds(bench, text, Math.max(...contexts));
  const speeds: [number, Speed][] = [];
  for (const context of contexts) {
    const runs: { prefillMs: number; decodeMs: number }[] = [];
    let cacheBytes = 0;
    let rssBytes = 0;
    for (let repeat = 0; repeat < repeats; repeat++) {
      const sequence = decoder.startSequence();
      const prefillStart = performance.now();
      let { logits } = await sequence.prefill(ids.slice(0, context));
      const prefillMs = performance.now() - prefillStart;
      const decodeStart = performance.now();
      for (let made = 0; made < DECODE_TOKENS; made++) ({ logits } = await sequence.step(likeliest(logits)));
      runs.push({ prefillMs, decodeMs: performance.now() - decodeStart });
      ({ cacheBytes } = sequence.report());
      rssBytes = process.memoryUsage.rss();
      sequence.dispose();
    }
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    speeds.push([context, speedOf(context, runs, { cacheBytes, peakRssBytes, rssBytes, weightBytes })]);
  }
  await decoder.dispose();
  gguf.close();
  console.log(JSON.stringify(speeds));
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

await run(JSON.parse(process.argv[2]!) as SpeedRequest & { policy: PolicyName });
