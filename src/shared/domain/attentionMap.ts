import type { LayerIndex } from './ids.ts';

/**
 * One band of the distant zone: the layers that attend to distant tokens through the
 * keys of one leader, or a single layer that keeps its own.
 */
export interface MapBand {
  readonly leader: LayerIndex;
  /** Every layer with at least one KV head that reads the leader's keys, the leader first. */
  readonly layers: readonly LayerIndex[];
}

/** What a map of an answer offers, so that a view can ask for tiles of it. */
export interface MapDescription {
  readonly layers: number;
  readonly promptTokens: number;
  readonly answerTokens: number;
  readonly sinkTokens: number;
  readonly bands: readonly MapBand[];
  /** The text of each answer token, in order. */
  readonly answerTexts: readonly string[];
}

/** Asks for the map of one answer token. */
export interface MapTileRequest {
  /** Counts the tokens of the answer from 0. */
  readonly answerToken: number;
  /** How many columns the distant zone is pooled into, at most. @default 256 */
  readonly distantColumns: number;
  /** `max` keeps needles, `sum` keeps the mass honest. @default 'max' */
  readonly pooling: 'max' | 'sum';
}

/**
 * What one answer token attended to. Weights are means over query heads and cells hold
 * `round(255 * (1 + log2(weight) / 20))`, clamped to 0..255: 0 means at most 2^-20.
 * In each layer sinks + distant + recent add up to 1 before rounding.
 */
export interface MapTile {
  readonly answerToken: number;
  readonly layers: number;
  readonly sinkTokens: number;
  readonly recentTokens: number;
  /** Position of the first recent token in the whole sequence. */
  readonly recentStart: number;
  readonly distantTokens: number;
  readonly distantColumns: number;
  /** `[layers, sinkTokens]` */
  readonly sinks: Uint8Array;
  /** `[bands, distantColumns]` */
  readonly distant: Uint8Array;
  /**
   * `[bands, distantColumns]`: 1 where this token's query scored the column and no layer of the band read any token
   * of it. Its cell in `distant` is 0, which says nothing about what the score was. 0 everywhere if all was read.
   */
  readonly unread: Uint8Array;
  /** `[layers]` uint32: how many distant tokens each layer read for this token. */
  readonly distantRead: Uint32Array;
  /** `[layers, recentTokens]` */
  readonly recent: Uint8Array;
  /** `[layers, 3]` float32: mass in sinks, distant, recent. Rows sum to 1 ± 1e-3. */
  readonly mass: Float32Array;
}
