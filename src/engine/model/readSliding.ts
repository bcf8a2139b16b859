import type { SlidingLayers } from '#shared/domain/index.ts';
import type { SlidingTraits } from './architectures/architectureTraits.ts';
import type { MetadataReader } from './metadataReader.ts';

/** What `readSliding` must know beside the file. */
export interface SlidingDefaults {
  readonly architecture: string;
  readonly layers: number;
  readonly contextTokens: number;
  readonly traits: SlidingTraits | null;
}

/**
 * Reads which layers look back only a window (keys `attention.sliding_window` and, where the file knows
 * better than its family, `.sliding_window_pattern`: a period, or yes and no for each layer).
 * @returns null where every layer sees the whole text
 */
export function readSliding(metadata: MetadataReader, defaults: SlidingDefaults): SlidingLayers | null {
  const { architecture, layers, contextTokens, traits } = defaults;
  const windowTokens = metadata.integer(`${architecture}.attention.sliding_window`, 0, 2 ** 28) ?? 0;
  if (!traits || windowTokens === 0) return null;
  // Layers with angles of their own stay apart, however long their window.
  if (windowTokens >= contextTokens && traits.ropeBase === null) return null;
  const pattern = metadata.periodOrFlags(`${architecture}.attention.sliding_window_pattern`, layers) ?? traits.period;
  const slides = (layer: number): boolean =>
    typeof pattern === 'number' ? pattern === 0 || layer % pattern !== pattern - 1 : pattern[layer]!;
  const sliding = Array.from({ length: layers }, (_, layer) => layer).filter(slides);
  return sliding.length > 0 ? { windowTokens, layers: sliding } : null;
}
