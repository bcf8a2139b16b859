import type { AttentionShape, CachePlan } from '#shared/domain/index.ts';
import { distantRange } from '../cache/distantRange.ts';
import { globalLayers } from '../cache/slidingLayers.ts';
import type { Decoder } from '../decode/decoder.ts';
import type { CalibrationSequence } from './calibrationSequences.ts';
import type { SequenceTaps, TappedQuery } from './sampleQueries.ts';

export interface TapOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((doneTokens: number, totalTokens: number) => void) | undefined;
}

/** The taps a decoder needs for `tapSequence`: queries and keys of every layer that sees the whole text, after RoPE. */
export function exploreTaps(shape: AttentionShape): ReadonlySet<string> {
  return new Set(globalLayers(shape).flatMap((layer) => [queryTap(layer), keyTap(layer)]));
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
  const { heads, kvHeads, headDim, queryScale } = decoder.model;
  const tokens = sequence.ids.length;
  const tapped = globalLayers(decoder.model);
  const keys = tapped.map(() => new Float32Array(kvHeads * tokens * headDim));
  const queries: TappedQuery[] = [];
  const reading = decoder.startSequence();
  try {
    await reading.prefill(sequence.ids, {
      signal,
      onProgress,
      onChunk: ({ start, count, taps }) => {
        for (const [index, layer] of tapped.entries()) {
          const rows = taps.get(keyTap(layer))!;
          for (let token = 0; token < count; token += 1) {
            for (let head = 0; head < kvHeads; head += 1) {
              const from = (token * kvHeads + head) * headDim;
              keys[index]!.set(rows.subarray(from, from + headDim), (head * tokens + start + token) * headDim);
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
            query: tapped.map((layer) => taps.get(queryTap(layer))!.slice(at, at + heads * headDim)),
          });
        }
      },
    });
  } finally {
    reading.dispose();
  }
  return { shape: { layers: tapped.length, heads, kvHeads, headDim }, queryScale, queries, keys, tokens };
}
