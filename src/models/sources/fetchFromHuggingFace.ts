import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { CatalogueEntry, HuggingFaceSource } from '../catalogue.ts';
import { ByteMeter, type FetchOptions } from '../fetchOptions.ts';

/** Where nothing answers, the next source is tried after this time. */
const CONNECT_LIMIT_MS = 8_000;

/**
 * Downloads a file from Hugging Face to `target`, going on where an earlier try ended.
 * @throws {Error} when the hub cannot be reached or does not have the file
 */
export async function fetchFromHuggingFace(
  source: HuggingFaceSource,
  entry: CatalogueEntry,
  target: string,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const have = await stat(target).then(
    ({ size }) => size,
    () => 0,
  );
  if (have >= entry.fileBytes) return;
  const connecting = new AbortController();
  const timer = setTimeout(() => connecting.abort(new Error('no answer from huggingface.co')), CONNECT_LIMIT_MS);
  const stop = signal ? AbortSignal.any([signal, connecting.signal]) : connecting.signal;
  const response = await fetch(`https://huggingface.co/${source.repository}/resolve/main/${source.file}`, {
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
    signal: stop,
  }).finally(() => clearTimeout(timer));
  if (!response.ok || !response.body) throw new Error(`huggingface.co answered ${response.status}`);
  const resumed = response.status === 206;
  const meter = new ByteMeter('Hugging Face', entry.fileBytes, resumed ? have : 0, onProgress);
  const body: AsyncIterable<Uint8Array> = response.body;
  const counted = async function* () {
    for await (const chunk of body) {
      meter.add(chunk.length);
      yield chunk;
    }
  };
  await pipeline(counted, createWriteStream(target, { flags: resumed ? 'a' : 'w' }), { ...(signal && { signal }) });
}
