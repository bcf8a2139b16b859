/**
 * llama.cpp behind one line of JSON a request and one a reply, in a process of its own: its
 * threads and its memory stay out of Proxima's measurements.
 */
import { createInterface } from 'node:readline';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

const [modelPath, threadsText, contextText, cacheType] = process.argv.slice(2);
const threads = Number(threadsText);

const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  maxThreads: threads,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath, gpuLayers: 0 });
const context = await model.createContext({
  contextSize: Number(contextText),
  batchSize: 512,
  threads: { ideal: threads, min: threads },
  // Quantised values want the flash kernel; float32 caches the plain attention: the flash kernel of the
  // processor rounds to float16.
  ...(cacheType === 'Q8_0' && {
    experimentalKvCacheKeyType: 'Q8_0',
    experimentalKvCacheValueType: 'Q8_0',
    flashAttention: true,
  }),
  ...(cacheType === 'F32' && {
    experimentalKvCacheKeyType: 'F32',
    experimentalKvCacheValueType: 'F32',
    flashAttention: false,
  }),
});
const sequence = context.getSequence();

const requests = {
  /**
   * Reads `ids`, then makes `tokens`: greedily, or those of `forced`. Tells the two likeliest of each
   * position with log probabilities.
   */
  async greedy({ ids, tokens, forced }) {
    await sequence.clearHistory();
    const positions = [];
    let input = ids;
    for (let made = 0; made < tokens; made++) {
      const last = input.length - 1;
      const options = { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } } };
      const output = await sequence.controlledEvaluate(input.map((id, index) => (index === last ? [id, options] : id)));
      const { probabilities } = output[last].next;
      const [top1, top2] = twoLikeliest(probabilities);
      positions.push({ top1, top2 });
      input = [forced ? forced[made] : top1.id];
    }
    return { positions };
  },

  /** Times reading `ids`, then making `tokens`. */
  async speed({ ids, tokens }) {
    await sequence.clearHistory();
    const prefillStart = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(ids.slice(0, -1));
    const prefillMs = performance.now() - prefillStart;
    const decodeStart = performance.now();
    let made = 0;
    for await (const _ of sequence.evaluate(ids.slice(-1), { temperature: 0 })) {
      made += 1;
      if (made === tokens) break;
    }
    const peakRssBytes = process.resourceUsage().maxRSS * 1024;
    return { prefillMs, decodeMs: performance.now() - decodeStart, peakRssBytes };
  },
};

function twoLikeliest(probabilities) {
  let first = [-1, 0];
  let second = [-1, 0];
  for (const entry of probabilities) {
    if (entry[1] > first[1]) [first, second] = [entry, first];
    else if (entry[1] > second[1]) second = entry;
  }
  return [first, second].map(([id, probability]) => ({ id, logProb: Math.log(probability) }));
}

console.log(JSON.stringify({ ready: true, threads: context.currentThreads }));
for await (const line of createInterface({ input: process.stdin })) {
  const { call, ...input } = JSON.parse(line);
  try {
    console.log(JSON.stringify(await requests[call](input)));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await llama.dispose();
