import type { Activation } from '../modelDescription.ts';

/** The sizes that a family derives its scales from. */
export interface DecoderSizes {
  readonly layers: number;
  readonly heads: number;
  readonly headDim: number;
  readonly hiddenSize: number;
}

/** How a family spreads sliding layers, where its file states a window and nothing else about them. */
export interface SlidingTraits {
  /** Every `period`-th layer sees the whole text and the others slide; 0: all layers slide. */
  readonly period: number;
  /** Base of the rotary angles in sliding layers; null for the one of the other layers. */
  readonly ropeBase: number | null;
}

/** What sets one family of decoders apart; all else is in the file's metadata. */
export interface ArchitectureTraits {
  /** See `ModelDescription.ropeInterleaved`. */
  readonly ropeInterleaved: boolean;
  /** Base of the rotary angles where the file does not state it. */
  readonly defaultRopeBase: number;
  /** See `ModelDescription.queryKeyNorm`. */
  readonly queryKeyNorm: boolean;
  /** See `ModelDescription.branchNorms`. */
  readonly branchNorms: boolean;
  /** See `ModelDescription.fusedProjections`. */
  readonly fusedProjections: boolean;
  readonly activation: Activation;
  /** See `ModelDescription.embeddingScale`. */
  readonly embeddingScale: (sizes: DecoderSizes) => number;
  /** See `ModelDescription.queryScale`. */
  readonly queryScale: (sizes: DecoderSizes) => number;
  /** See `SentencePieceScheme.controlsSwallowSpace`. */
  readonly controlsSwallowSpace: boolean;
  /** Null where a stated window is not used: its layers all see the whole text. */
  readonly sliding: SlidingTraits | null;
}
