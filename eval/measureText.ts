import type { Decoder } from '../src/engine/decode/decoder.ts';
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

/**
 * Reads a text with several decoders side by side, teacher-forced, chunk by chunk, and scores
 * how each of them predicts the tokens of the spans. The first decoder is the baseline.
 * @returns one entry for each decoder
 */
export async function measureText(
  decoders: readonly Decoder[],
  ids: readonly number[],
  spans: ScoredSpans,
  { onProgress }: { readonly onProgress?: (done: number, total: number) => void | Promise<void> } = {},
): Promise<TextFigures[]> {
  const chunkTokens = decoders[0]!.plan.chunkTokens;
  const runs = decoders.map((decoder) => ({
    sequence: decoder.startSequence(),
    prefillMs: 0,
    spans: Object.fromEntries(Object.keys(spans).map((name) => [name, new LogitFigures()])),
  }));
  for (let start = 0; start < ids.length; start += chunkTokens) {
    const chunk = ids.slice(start, start + chunkTokens);
    let baseline: Float32Array | null = null;
    for (const run of runs) {
      const from = performance.now();
      let logits: Float32Array | null = null;
      await run.sequence.prefill(chunk, { allLogits: true, onChunk: (made) => void (logits = made.logits) });
      run.prefillMs += performance.now() - from;
      baseline ??= logits!;
      score(run.spans, spans, ids, start, chunk.length, logits!, baseline);
    }
    await onProgress?.(start + chunk.length, ids.length);
  }
  return runs.map(({ sequence, spans: figures, prefillMs }) => {
    const cache = sequence.report();
    sequence.dispose();
    return { spans: figures, cache, prefillMs };
  });
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
