/** What one query attended to: head means, after the one softmax; each layer's near and distant add up to 1. */
export interface StepAttention {
  /** `[near]`: the position of each near row, the query's own last. */
  readonly nearPositions: Int32Array;
  /** `[layers, near]` */
  readonly near: Float32Array;
  /** Position of the first distant token. */
  readonly distantStart: number;
  readonly distantTokens: number;
  /** `[layers, distant]` */
  readonly distant: Float32Array;
  /**
   * Which distant tokens were read; absent where all were. The others have a weight of 0, though they were scored,
   * unless the plan drops them.
   */
  readonly pagesRead?: PagesRead;
}

/** The pages of distant tokens that each layer read for one query. */
export interface PagesRead {
  readonly pageTokens: number;
  /** `[layers, pages]`: 1 where some KV head of the layer read the page. */
  readonly read: Uint8Array;
}
