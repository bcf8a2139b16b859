import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { policies } from '#engine/cache/index.ts';
import { defaultThreads } from '#engine/runtime/threads.ts';
import type { PolicyName } from '#shared/domain/index.ts';
import { tellError } from '../scripts/tellError.ts';
import { benchIds, openBenchModel } from './benchModel.ts';
import { peerAdvice, peerIsInstalled } from './llamaCpp.ts';
import { describeMachine } from './machine.ts';
import { DECODE_TOKENS, measureLlamaCpp, measureProxima, type Speed, type SpeedRequest } from './measureSpeed.ts';

const usage = `Usage: npm run -s bench -- [--json] [--context N]... [--model quick|default|PATH] [--policy P]... [--repeats N]
  [--threads N] [--text FILE]

Times reading a prompt of N tokens and writing ${DECODE_TOKENS} more: llama.cpp on the same file with its float16 cache,
then every policy, then llama.cpp with a q8_0 cache (--policy q8_0), each in a process of its own and printed as it
ends. Contexts are 512 and 2048 unless given; the fastest of 3 repeats counts.`;

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
      policy: { type: 'string', multiple: true, default: [...Object.keys(policies), 'q8_0'] },
      repeats: { type: 'string', default: '3' },
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
  const wrong = values.policy.find((name) => !isPolicyName(name) && name !== 'q8_0');
  if (wrong !== undefined) throw new Error(`--policy is ${Object.keys(policies).join(', ')} or q8_0, not "${wrong}".`);
  const repeats = positive('--repeats', values.repeats);
  const request: SpeedRequest = { model: values.model, contexts, threads, repeats, text: values.text ?? null };
  const machine = describeMachine();
  if (!values.json)
    console.log(
      `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
    );

  let peer: Map<number, Speed> | null = null;
  const report = (engine: BenchLine['engine'], policy: string, speeds: Map<number, Speed>): void => {
    for (const [context, speed] of speeds) {
      const line: BenchLine = {
        engine,
        policy,
        model: model.name,
        context,
        threads,
        ...speed,
        ...ratios(speed, peer?.get(context)),
      };
      console.log(values.json ? JSON.stringify(line) : humanLine(line));
      appendFileSync(new URL('results.jsonl', import.meta.url), `${JSON.stringify({ ...line, machine })}\n`);
    }
  };
  const llamaCpp = (cacheType: 'F16' | 'Q8_0'): Promise<Map<number, Speed>> =>
    measureLlamaCpp(
      cacheType,
      { path: model.path, shape: model.model },
      benchIds(model, request.text, Math.max(...contexts)),
      request,
    );
  if (peerIsInstalled()) {
    peer = await llamaCpp('F16');
    report('llama.cpp', 'f16', peer);
  } else console.error(peerAdvice);
  for (const policy of values.policy.filter(isPolicyName)) {
    const speeds = await measureProxima(policy, request);
    if (speeds) report('proxima', policy, speeds);
    else console.error(`There is no sharing plan for ${model.name}, so ${policy} is not measured.`);
  }
  if (peer && values.policy.includes('q8_0')) report('llama.cpp', 'q8_0', await llamaCpp('Q8_0'));
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
    `cache ${mebibytes(line.cacheBytes)} MiB, process ${mebibytes(line.peakRssBytes)} MiB at its peak` +
    (line.rssBytes === null || line.weightBytes === null
      ? ''
      : `, ${mebibytes(line.rssBytes)} at the end, weights ${mebibytes(line.weightBytes)}`)
  );
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

const isPolicyName = (name: string): name is PolicyName => name in policies;

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`${option} wants a whole number above 0, not "${text}".`);
}

await bench().catch((error: unknown) => {
  tellError(error);
  process.exitCode = 1;
});
