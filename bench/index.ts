import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { policies } from '#engine/cache/index.ts';
import { defaultThreads } from '#engine/runtime/threads.ts';
import type { PolicyName } from '#shared/domain/index.ts';
import { benchIds, openBenchModel } from './benchModel.ts';
import { peerAdvice, peerIsInstalled } from './llamaCpp.ts';
import { describeMachine } from './machine.ts';
import { DECODE_TOKENS, measureLlamaCpp, measureProxima, type Speed, type SpeedRequest } from './measureSpeed.ts';

const usage = `Usage: npm run -s bench -- [--json] [--context N]... [--model quick|default|PATH] [--threads N] [--text FILE]

Times reading a prompt of N tokens and writing ${DECODE_TOKENS} more, for every policy and for llama.cpp on the
same file with float16 and with q8_0 caches, one after the other, each in a process of its own. Contexts are 512 and 2048 unless given.`;

/** One measurement, as it is printed and kept. */
interface BenchLine extends Speed {
  readonly engine: 'proxima' | 'llama.cpp';
  readonly policy: string;
  readonly model: string;
  readonly context: number;
  readonly threads: number;
  /** Decode speed over that of llama.cpp with its float16 cache in this run; null where it is not installed. */
  readonly ratioToLlamaCpp: number | null;
  readonly prefillRatioToLlamaCpp: number | null;
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      context: { type: 'string', multiple: true, default: ['512', '2048'] },
      model: { type: 'string', default: 'quick' },
      threads: { type: 'string', default: String(defaultThreads()) },
      text: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const threads = positive('--threads', values.threads);
  const contexts = values.context.map((context) => positive('--context', context)).sort((a, b) => a - b);
  const model = await openBenchModel(values.model);
  const longest = Math.max(...contexts) + DECODE_TOKENS;
  if (longest > model.model.contextTokens) {
    throw new Error(
      `The model's context is ${model.model.contextTokens} tokens; --context asks for ${longest} with the answer.`,
    );
  }
  const request: SpeedRequest = { model: values.model, contexts, threads, text: values.text ?? null };
  const machine = describeMachine();
  const print = (line: object): void => console.log(values.json ? JSON.stringify(line) : humanLine(line as BenchLine));
  if (!values.json)
    console.log(
      `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
    );
  if (!peerIsInstalled()) console.error(peerAdvice);

  const runs: { engine: BenchLine['engine']; policy: string; speeds: Map<number, Speed> }[] = [];
  for (const policy of Object.keys(policies) as PolicyName[]) {
    const speeds = await measureProxima(policy, request);
    if (speeds) runs.push({ engine: 'proxima', policy, speeds });
    else console.error(`There is no sharing plan for ${model.name}, so ${policy} is not measured.`);
  }
  let peer: Map<number, Speed> | null = null;
  if (peerIsInstalled()) {
    const ids = benchIds(model, request.text, Math.max(...contexts));
    const file = { path: model.path, shape: model.model };
    peer = await measureLlamaCpp('F16', file, ids, request);
    runs.push({ engine: 'llama.cpp', policy: 'f16', speeds: peer });
    runs.push({ engine: 'llama.cpp', policy: 'q8_0', speeds: await measureLlamaCpp('Q8_0', file, ids, request) });
  }
  for (const context of contexts) {
    for (const { engine, policy, speeds } of runs) {
      const speed = speeds.get(context)!;
      const line: BenchLine = {
        engine,
        policy,
        model: model.name,
        context,
        threads,
        ...speed,
        ...ratios(speed, peer?.get(context)),
      };
      print(line);
      appendFileSync(new URL('results.jsonl', import.meta.url), `${JSON.stringify({ ...line, machine })}\n`);
    }
  }
  model.gguf.close();
}

function ratios(speed: Speed, peer: Speed | undefined): Pick<BenchLine, 'ratioToLlamaCpp' | 'prefillRatioToLlamaCpp'> {
  const ratio = (key: 'decodeTokensPerSecond' | 'prefillTokensPerSecond'): number | null =>
    peer ? Math.round((100 * speed[key]) / peer[key]) / 100 : null;
  return {
    ratioToLlamaCpp: ratio('decodeTokensPerSecond'),
    prefillRatioToLlamaCpp: ratio('prefillTokensPerSecond'),
  };
}

function humanLine(line: BenchLine): string {
  const ratio = (value: number | null): string => (value === null ? '' : ` (${value.toFixed(2)}x)`);
  return (
    `${line.engine.padEnd(9)} ${line.policy.padEnd(10)} ${line.model}, ${String(line.context).padStart(5)} tokens: ` +
    `reads ${line.prefillTokensPerSecond} tokens/s${ratio(line.prefillRatioToLlamaCpp)}, ` +
    `writes ${line.decodeTokensPerSecond} tokens/s${ratio(line.ratioToLlamaCpp)}, ` +
    `first token ${(line.timeToFirstTokenMs / 1000).toFixed(1)} s, ` +
    `cache ${(line.cacheBytes / 2 ** 20).toFixed(1)} MiB, process ${(line.peakRssBytes / 2 ** 20).toFixed(0)} MiB`
  );
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${option} wants a whole number above 0, not "${text}".`);
}

await bench().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
