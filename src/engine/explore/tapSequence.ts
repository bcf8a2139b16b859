import type { CachePlan } from '#shared/domain/index.ts';
import { distantRange } from '../cache/distantRange.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { CalibrationSequence } from './calibrationSequences.ts';
import type { SequenceTaps, TappedQuery } from './sampleQueries.ts';

export interface TapOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneTokens: number, totalTokens: number) => void) | undefined;
}

/** The taps a decoder needs for `tapSequence`: queries and keys of every layer, after RoPE. */
export function exploreTaps(layers: number): ReadonlySet<string> {
  return new Set(Array.from({ length: layers }, (_, layer) => [queryTap(layer), keyTap(layer)]).flat());
}

const queryTap = (layer: number): string => `layers.${layer}.q`;
const keyTap = (layer: number): string => `layers.${layer}.k`;

/**
 * Reads one sequence with a dense decoder and keeps its keys and the queries to sample.
 * @param decoder made with `exploreTaps`
 * @param boundary the plan whose boundary between near and distant the sample is made for
 */
export async function tapSequence(
  decoder: Decoder,
  boundary: CachePlan,
  sequence: CalibrationSequence,
  { signal, onProgress }: TapOptions = {},
): Promise<SequenceTaps> {
  const { layers, heads, kvHeads, headDim } = decoder.model;
  const tokens = sequence.ids.length;
  const every = Array.from({ length: layers }, (_, layer) => layer);
  const keys = every.map(() => new Float32Array(kvHeads * tokens * headDim));
  const queries: TappedQuery[] = [];
  const reading = decoder.startSequence();
  try {
    await reading.prefill(sequence.ids, {
      signal,
      onProgress,
      onChunk: ({ start, count, taps }) => {
        for (const layer of every) {
          const rows = taps.get(keyTap(layer))!;
          for (let token = 0; token < count; token += 1) {
            for (let head = 0; head < kvHeads; head += 1) {
              const from = (token * kvHeads + head) * headDim;
              keys[layer]!.set(rows.subarray(from, from + headDim), (head * tokens + start + token) * headDim);
            }
          }
        }
        for (const { kind, position } of sequence.queries) {
          if (position < start || position >= start + count) continue;
          const at = (position - start) * heads * headDim;
          queries.push({
            kind,
            position,
            distantEnd: distantRange(boundary, position).end,
            query: every.map((layer) => taps.get(queryTap(layer))!.slice(at, at + heads * headDim)),
          });
        }
      },
    });
  } finally {
    reading.dispose();
  }
  return { shape: { layers, heads, kvHeads, headDim }, queries, keys, tokens };
}
