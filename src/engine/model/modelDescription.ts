import type { AttentionShape } from '#shared/domain/index.ts';

/** The families of decoders that can be run. Each has a file in `architectures`. */
export type Architecture = 'llama' | 'qwen2';

/**
 * Everything about a decoder that shapes its computation, read from the file's metadata and
 * checked against its tensors. Graph builder, reference and estimates read only this.
 */
export interface ModelDescription extends AttentionShape {
  readonly architecture: Architecture;
  /** As the file names itself, for people. */
  readonly name: string;
  /** Width of the residual stream. */
  readonly hiddenSize: number;
  /** Width inside the gated MLP. */
  readonly ffnSize: number;
  readonly vocabSize: number;
  /** Tokens the model was trained to handle in one sequence. */
  readonly contextTokens: number;
  /** Base of the rotary angles: pair `i` turns by `position * ropeBase^(-2i / ropeDims)`. */
  readonly ropeBase: number;
  /** The first dimensions of each head that are rotated; the rest pass through. */
  readonly ropeDims: number;
  /**
   * Which dimensions make a rotary pair: neighbours `(2i, 2i + 1)` when true (llama, whose q and k
   * rows a GGUF keeps in that order), `(i, i + ropeDims / 2)` when false.
   */
  readonly ropeInterleaved: boolean;
  /** Positions are multiplied by this before rotating; 1 unless the file asks for linear scaling. */
  readonly ropeScale: number;
  /** Whether the tensor `rope_freqs.weight` `[ropeDims / 2]` divides the rotary frequencies (Llama 3.1 and later). */
  readonly ropeFactors: boolean;
  /** Added to the mean square in RMS normalisation. */
  readonly normEps: number;
  /** Whether q, k and v have biases. */
  readonly qkvBias: boolean;
  /** Whether the output layer is the token embedding again. */
  readonly tiedEmbeddings: boolean;
}
