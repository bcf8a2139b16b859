import { setImmediate as turn } from 'node:timers/promises';
import type { AttentionShape } from '#shared/domain/index.ts';
import { type FitOptions, fitMix } from './fitMix.ts';
import { type ByKind, byKind, type LogitSample } from './logitSample.ts';
import { pairError } from './pairError.ts';
import type { PairFiles } from './pairFiles.ts';

/** What following would cost one KV head, and the mixes by which it would follow. */
export interface PairFit {
  /** Mean over the KV head's query heads. */
  readonly error: ByKind;
  /** The worst of its query heads where something must be found again: one retrieval head among them is enough to lose it. */
  readonly worstLookup: number;
  /** `[queryHeadsPerKvHead][heads + 1]` */
  readonly mix: readonly (readonly number[])[];
}

/** `fits[leader][follower][kvHead]`; null where a follower is too far from its leader to be tried. */
export interface PairTable {
  readonly shape: AttentionShape;
  readonly fits: readonly (readonly (readonly PairFit[] | null)[])[];
}

export interface PairTableOptions extends FitOptions {
  /** Layers of the longest block, its leader counted. @default 8 */
  readonly longestBlock?: number;
  /** Where finished pairs are kept, so that a search that was stopped goes on. @default nowhere */
  readonly files?: PairFiles | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each pair of layers. `isNew`: it was fitted now and not found in its file. */
  readonly onProgress?: ((done: number, total: number, isNew: boolean) => void) | undefined;
}

/**
 * Fits every follower layer to every leader below it that could head its block.
 * @throws an `AbortError` when `signal` is aborted
 */
export async function fitPairs(sample: LogitSample, options: PairTableOptions = {}): Promise<PairTable> {
  const { shape } = sample;
  const { longestBlock = 8, files, signal, onProgress, ...fitOptions } = options;
  const inReach = (leader: number, follower: number): boolean => follower > leader && follower - leader < longestBlock;
  const fits = Array.from({ length: shape.layers }, () =>
    Array.from({ length: shape.layers }, (): readonly PairFit[] | null => null),
  );
  const pairs = fits.flatMap((row, leader) =>
    row.flatMap((_, follower) => (inReach(leader, follower) ? [[leader, follower] as const] : [])),
  );
  for (const [done, [leader, follower]] of pairs.entries()) {
    signal?.throwIfAborted();
    const found = await files?.read(leader, follower);
    const fitted: PairFit[] = [];
    for (let kvHead = 0; !found && kvHead < shape.kvHeads; kvHead += 1) {
      // A turn of the event loop, so that a stop is seen.
      await turn(undefined, { signal });
      fitted.push(fitKvHead(sample, leader, follower, kvHead, fitOptions));
    }
    if (!found) await files?.write(leader, follower, fitted);
    fits[leader]![follower] = found ?? fitted;
    onProgress?.(done + 1, pairs.length, !found);
  }
  return { shape, fits };
}

/** Fits all query heads of one KV head, for its key can only go when all of them follow. */
export function fitKvHead(
  sample: LogitSample,
  leader: number,
  follower: number,
  kvHead: number,
  options: FitOptions = {},
): PairFit {
  const perKvHead = sample.shape.heads / sample.shape.kvHeads;
  const heads = Array.from({ length: perKvHead }, (_, i) => {
    const pair = { leader, follower, head: kvHead * perKvHead + i };
    const mix = Array.from(fitMix(sample, pair, options));
    return { mix, error: pairError(sample, pair, mix) };
  });
  return {
    error: byKind((kind) => heads.reduce((sum, { error }) => sum + error[kind], 0) / perKvHead),
    worstLookup: Math.max(...heads.map(({ error }) => Math.max(error.copy, error.retrieval))),
    mix: heads.map((head) => head.mix),
  };
}
