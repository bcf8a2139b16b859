import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CACHE_SUFFIX } from '#engine/cache/files/cacheSpace.ts';
import { CacheFolder, planDigest } from '#engine/cache/files/index.ts';
import { readCacheFileStart } from '#engine/cache/files/readCacheFile.ts';
import { sampledModelDigest } from '#engine/gguf/index.ts';
import { Engine } from '#engine/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { answerId } from '#shared/domain/index.ts';
import { type BenchModel, benchPlan, openBenchModel } from './benchModel.ts';
import { benchText } from './benchText.ts';
import { describeMachine } from './machine.ts';

const usage = `Usage: node bench/restart.ts [--model quick|default] [--tokens N] [--text FILE] [--cache FOLDER]

Times the first token of an answer about a text of N tokens (7000), under pod: before it was ever read, about the same
text again, and after a start, when it comes from its cache file. Prints one JSON line. With --cache the files stay in that folder, so that
a second run finds them.`;

const QUESTION = 'Which things are said here about the sea, about people and about machines?';

/** What one answer took until its first token. */
interface FirstToken {
  readonly ms: number;
  readonly promptTokens: number;
  readonly reusedTokens: number;
}

async function restart(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: 'quick' },
      tokens: { type: 'string', default: '7000' },
      text: { type: 'string' },
      cache: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const model = await openBenchModel(values.model);
  const text = textOf(model, Number(values.tokens), values.text);
  const folder = values.cache ?? mkdtempSync(join(tmpdir(), 'proxima-bench-'));
  try {
    const started = await withEngine(model, folder, async (ask) => ({
      first: await ask(text, QUESTION),
      again: await ask(text, `${QUESTION} And why?`),
    }));
    const afterStart = await withEngine(model, folder, (ask) => ask(text, QUESTION));
    const file = await fileTimes(model, folder);
    console.log(JSON.stringify({ model: model.name, ...started, afterStart, ...file, ...describeMachine() }));
  } finally {
    if (values.cache === undefined) rmSync(folder, { recursive: true, force: true });
    model.gguf.close();
  }
}

/** A text of so many tokens, cut between words. */
function textOf({ gguf }: BenchModel, tokens: number, path: string | undefined): string {
  const tokenizer = new Tokenizer(gguf);
  const text = benchText(path);
  const count = tokenizer.encode(text, 'plain').length;
  return text.repeat(Math.ceil(tokens / count)).slice(0, Math.floor((text.length * tokens) / count));
}

type Ask = (text: string, question: string) => Promise<FirstToken>;

/** Loads the model into a new engine, as a start does, and lets go of it when the work is done. */
async function withEngine<Result>(
  { path, planPath }: BenchModel,
  folder: string,
  work: (ask: Ask) => Promise<Result>,
): Promise<Result> {
  const engine = new Engine();
  const { signal } = new AbortController();
  await engine.handlers.load(
    { modelPath: path, policy: 'pod', planPath, cacheFiles: { folder, capBytes: 2 ** 31 } },
    { signal, report: () => Promise.resolve() },
  );
  let answers = 0;
  const result = await work(async (text, question) => {
    const started = performance.now();
    let first: FirstToken = { ms: 0, promptTokens: 0, reusedTokens: 0 };
    const messages = [{ role: 'user' as const, parts: [{ text, source: 'text' }, { text: `\n\n${question}` }] }];
    await engine.handlers.answer(
      { answerId: answerId(`bench-${answers++}`), messages, maxNewTokens: 64 },
      {
        signal,
        report: (progress) => {
          if (progress.type === 'prompt') {
            first = { ms: 0, promptTokens: progress.promptTokens, reusedTokens: progress.reusedTokens };
          } else if (progress.type === 'token' && first.ms === 0) {
            first = { ...first, ms: Math.round(performance.now() - started) };
          }
          return Promise.resolve();
        },
      },
    );
    return first;
  });
  await engine.dispose();
  return result;
}

/** Size of the file that was written, the time of loading it, and of writing it once more. */
async function fileTimes(model: BenchModel, folder: string) {
  const { gguf } = model;
  const { plan } = (await benchPlan(model, 'pod')) ?? { plan: model.densePlan };
  const key = { model: await sampledModelDigest(gguf), plan: planDigest(plan, 'cpu') };
  const [name] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith(CACHE_SUFFIX),
  );
  const { ids } = (await readCacheFileStart(join(folder, name!)))!;
  const from = await CacheFolder.open({ folder, capBytes: 2 ** 31, key, plan });
  const loading = performance.now();
  const cache = (await from.load((await from.find([...ids, 0]))!, 0))!;
  const loadMs = Math.round(performance.now() - loading);
  const copy = mkdtempSync(join(tmpdir(), 'proxima-bench-'));
  const to = await CacheFolder.open({ folder: copy, capBytes: 2 ** 31, key, plan });
  const saving = performance.now();
  const fileBytes = await to.save(ids, cache);
  const saveMs = Math.round(performance.now() - saving);
  rmSync(copy, { recursive: true });
  return { fileBytes, loadMs, saveMs };
}

await restart();
