import type { Decoder } from '../src/engine/decode/decoder.ts';
import type { Sequence } from '../src/engine/decode/sequence.ts';
import type { CacheReport } from '../src/shared/domain/index.ts';
import { LogitFigures } from './logitFigures.ts';

/** Positions `[start, end)` of the tokens that are predicted, by name. */
export type ScoredSpans = Readonly<Record<string, readonly (readonly [number, number])[]>>;

/** What one decoder made of a text. */
export interface TextFigures {
  readonly spans: Readonly<Record<string, LogitFigures>>;
  /** At the end of the text. */
  readonly cache: CacheReport;
  readonly prefillMs: number;
}

export interface MeasureOptions {
  /**
   * Positions that are written: plans that select pages take their tokens one by one, as they do those of an
   * answer, in whole chunks. To the others reading and writing are the same.
   */
  readonly written?: readonly (readonly [number, number])[];
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

/**
 * Reads a text with several decoders side by side, teacher-forced, chunk by chunk, and scores
 * how each of them predicts the tokens of the spans. The first decoder is the baseline.
 * @returns one entry for each decoder
 */
export async function measureText(
  decoders: readonly Decoder[],
  ids: readonly number[],
  spans: ScoredSpans,
  { written = [], onProgress }: MeasureOptions = {},
): Promise<TextFigures[]> {
  const chunkTokens = decoders[0]!.plan.chunkTokens;
  const runs = decoders.map((decoder) => ({
    sequence: decoder.startSequence(),
    selects: decoder.plan.select !== undefined,
    prefillMs: 0,
    spans: Object.fromEntries(Object.keys(spans).map((name) => [name, new LogitFigures()])),
  }));
  for (let start = 0; start < ids.length; start += chunkTokens) {
    const chunk = ids.slice(start, start + chunkTokens);
    let baseline: Float32Array | null = null;
    for (const run of runs) {
      const from = performance.now();
      const writes = run.selects && written.some(([first, end]) => start < end && start + chunk.length > first);
      const logits = await (writes ? write(run.sequence, chunk) : read(run.sequence, chunk));
      run.prefillMs += performance.now() - from;
      baseline ??= logits;
      score(run.spans, spans, ids, start, chunk.length, logits, baseline);
    }
    await onProgress?.(start + chunk.length, ids.length);
  }
  return runs.map(({ sequence, spans: figures, prefillMs }) => {
    const cache = sequence.report();
    sequence.dispose();
    return { spans: figures, cache, prefillMs };
  });
}

/** @returns `[chunk.length, vocabSize]` */
async function read(sequence: Sequence, chunk: readonly number[]): Promise<Float32Array> {
  let logits: Float32Array | null = null;
  await sequence.prefill(chunk, { allLogits: true, onChunk: (made) => void (logits = made.logits) });
  return logits!;
}

/** @returns `[chunk.length, vocabSize]` */
async function write(sequence: Sequence, chunk: readonly number[]): Promise<Float32Array> {
  let rows: Float32Array | null = null;
  for (const [index, id] of chunk.entries()) {
    const { logits } = await sequence.step(id, { allLogits: true });
    rows ??= new Float32Array(chunk.length * logits.length);
    rows.set(logits, index * logits.length);
  }
  return rows!;
}

function score(
  figures: Readonly<Record<string, LogitFigures>>,
  spans: ScoredSpans,
  ids: readonly number[],
  start: number,
  count: number,
  logits: Float32Array,
  baseline: Float32Array,
): void {
  const vocab = logits.length / count;
  for (const [name, ranges] of Object.entries(spans)) {
    for (let row = 0; row < count; row += 1) {
      const predicted = start + row + 1;
      if (!ranges.some(([from, end]) => predicted >= from && predicted < end)) continue;
      const at = [row * vocab, (row + 1) * vocab] as const;
      figures[name]!.add(logits.subarray(...at), ids[predicted]!, baseline.subarray(...at));
    }
  }
}
