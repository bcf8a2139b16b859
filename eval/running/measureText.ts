import type { Decoder } from '../../src/engine/decode/decoder.ts';
import type { Sequence } from '../../src/engine/decode/sequence.ts';
import { joinArrays } from '../../src/engine/explore/joinArrays.ts';
import type { CacheReport } from '../../src/shared/domain/index.ts';
import {
  type BaselinePosition,
  baselinePosition,
  baselineScore,
  type PositionScore,
  positionScore,
} from '../scoring/positionScore.ts';

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
   * Positions that are written: plans that select pages predict them one by one, as they do those of an answer. To
   * the others reading and writing are the same.
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
    const scored = rowsWithin(spans, start, chunk.length, ids.length);
    const writing = new Set(rowsWithin(written, start, chunk.length, ids.length));
    let baselines: readonly BaselinePosition[] | null = null;
    for (const run of runs) {
      const from = performance.now();
      const isWritten = (row: number): boolean => run.selects && writing.has(row);
      const logits = await advance(run.sequence, chunk, isWritten, scored.length > 0);
      run.readingMs += performance.now() - from;
      if (!logits) continue;
      const vocab = logits.length / chunk.length;
      const at = (row: number): Float32Array => logits.subarray(row * vocab, (row + 1) * vocab);
      const score = baselines ? positionScore : baselineScore;
      baselines ??= scored.map((row) => baselinePosition(at(row)));
      for (const [index, row] of scored.entries()) {
        const predicted = start + row + 1;
        run.scores.set(predicted, score(at(row), ids[predicted]!, baselines[index]!));
      }
    }
    await onProgress?.(start + chunk.length, ids.length);
  }
  return runs.map(({ sequence, scores, readingMs }) => {
    const cache = sequence.report();
    sequence.dispose();
    return { scores, cache, readingMs };
  });
}

/**
 * Reads or writes a chunk on.
 * @param isWritten by row of the chunk
 * @returns `[chunk.length, vocabSize]`; null where nothing is scored
 */
async function advance(
  sequence: Sequence,
  chunk: readonly number[],
  isWritten: (row: number) => boolean,
  isScored: boolean,
): Promise<Float32Array | null> {
  const pieces: Float32Array[] = [];
  for (let row = 0; row < chunk.length; ) {
    if (isWritten(row)) {
      const { logits } = await sequence.step(chunk[row]!, { allLogits: isScored });
      pieces.push(logits);
      row += 1;
      continue;
    }
    let end = row + 1;
    while (end < chunk.length && !isWritten(end)) end += 1;
    await sequence.prefill(chunk.slice(row, end), {
      allLogits: isScored,
      onChunk: ({ logits }) => {
        if (logits) pieces.push(logits);
      },
    });
    row = end;
  }
  return isScored ? joinArrays(pieces) : null;
}

/** Rows of a chunk that predict a token of the spans. */
function rowsWithin(spans: readonly Span[], start: number, count: number, end: number): number[] {
  const isIn = (position: number): boolean => spans.some(([from, to]) => position >= from && position < to);
  return Array.from({ length: count }, (_, row) => row).filter((row) => start + row + 1 < end && isIn(start + row + 1));
}
