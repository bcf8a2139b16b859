/** A change to one matrix as the product of two thin ones (LoRA, arXiv 2106.09685, section 4.1): `up @ down`. */
export interface LowRankUpdate {
  readonly rank: number;
  /** `[rank, columns]` */
  readonly down: Float32Array;
  /** `[rows, rank]`, rows in the order of the model file. */
  readonly up: Float32Array;
}

/** Changes to the attention weights of one model, trained for one plan, as a file of them holds them. */
export interface Adapter {
  /** SHA-256 of its file, in hexadecimal: what a plan calls it by. */
  readonly sha256: string;
  /** By the name of the matrix in the model file. */
  readonly updates: ReadonlyMap<string, LowRankUpdate>;
}
