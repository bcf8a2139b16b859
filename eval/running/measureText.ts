import type { Decoder } from '../../src/engine/decode/decoder.ts';
import type { Sequence } from '../../src/engine/decode/sequence.ts';
import type { CacheReport } from '../../src/shared/domain/index.ts';
import { type PositionScore, positionScore } from '../scoring/positionScore.ts';

/** Positions `[start, end)` of a text. */
export type Span = readonly [number, number];

/** What one decoder made of a text. */
export interface TextScores {
  /** By the position of the token that was predicted. */
  readonly scores: ReadonlyMap<number, PositionScore>;
  /** At the end of the text. */
  readonly cache: CacheReport;
  readonly readingMs: number;
}

export interface MeasureOptions {
  /**
   * Positions that are written: plans that select pages take their tokens one by one, as they do those of an
   * answer, in whole chunks. To the others reading and writing are the same.
   */
  readonly written?: readonly Span[];
  readonly signal?: AbortSignal;
  /** Told after each chunk. */
  readonly onProgress?: (doneTokens: number, totalTokens: number) => void | Promise<void>;
}

/**
 * Reads a text with several decoders side by side, teacher-forced, chunk by chunk, and scores how each of them
 * predicts the tokens of the spans. The first decoder is the baseline.
 * @returns one entry for each decoder
 */
export async function measureText(
  decoders: readonly Decoder[],
  ids: readonly number[],
  spans: readonly Span[],
  { written = [], signal, onProgress }: MeasureOptions = {},
): Promise<TextScores[]> {
  // Chunks that are whole blocks under every plan.
  const chunkTokens = Math.max(...decoders.map(({ plan }) => plan.chunkTokens));
  const runs = decoders.map((decoder) => ({
    sequence: decoder.startSequence(),
    selects: decoder.plan.select !== undefined,
    readingMs: 0,
    scores: new Map<number, PositionScore>(),
  }));
  for (let start = 0; start < ids.length; start += chunkTokens) {
    signal?.throwIfAborted();
    const chunk = ids.slice(start, start + chunkTokens);
    const touches = (some: readonly Span[]): boolean =>
      some.some(([first, end]) => start + 1 < end && start + chunk.length >= first);
    const isScored = touches(spans);
    let baseline: Float32Array | null = null;
    for (const run of runs) {
      const from = performance.now();
      const writes = run.selects && touches(written);
      const logits = await (writes ? write(run.sequence, chunk) : read(run.sequence, chunk, isScored));
      run.readingMs += performance.now() - from;
      if (!logits || !isScored) continue;
      baseline ??= logits;
      score(run.scores, spans, ids, start, chunk.length, logits, baseline);
    }
    await onProgress?.(start + chunk.length, ids.length);
  }
  return runs.map(({ sequence, scores, readingMs }) => {
    const cache = sequence.report();
    sequence.dispose();
    return { scores, cache, readingMs };
  });
}

/** @returns `[chunk.length, vocabSize]`; null where nothing is scored */
async function read(sequence: Sequence, chunk: readonly number[], isScored: boolean): Promise<Float32Array | null> {
  const rows: Float32Array[] = [];
  await sequence.prefill(chunk, {
    allLogits: isScored,
    onChunk: ({ logits }) => {
      if (logits) rows.push(logits);
    },
  });
  if (rows.length < 2) return rows[0] ?? null;
  const joined = new Float32Array(rows.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const row of rows) {
    joined.set(row, at);
    at += row.length;
  }
  return joined;
}

/** @returns `[chunk.length, vocabSize]` */
async function write(sequence: Sequence, chunk: readonly number[]): Promise<Float32Array | null> {
  let rows: Float32Array | null = null;
  for (const [index, id] of chunk.entries()) {
    const { logits } = await sequence.step(id, { allLogits: true });
    rows ??= new Float32Array(chunk.length * logits.length);
    rows.set(logits, index * logits.length);
  }
  return rows;
}

function score(
  scores: Map<number, PositionScore>,
  spans: readonly Span[],
  ids: readonly number[],
  start: number,
  count: number,
  logits: Float32Array,
  baseline: Float32Array,
): void {
  const vocab = logits.length / count;
  for (let row = 0; row < count; row += 1) {
    const predicted = start + row + 1;
    if (!spans.some(([from, end]) => predicted >= from && predicted < end)) continue;
    const from = row * vocab;
    const own = logits.subarray(from, from + vocab);
    const other = logits === baseline ? own : baseline.subarray(from, from + vocab);
    scores.set(predicted, positionScore(own, ids[predicted]!, other));
  }
}
