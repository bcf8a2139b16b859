import type { AttentionShape } from '#shared/domain/index.ts';

/** The families of decoders that can be run. Each has a file in `architectures`. */
export type Architecture = 'llama' | 'qwen2' | 'qwen3' | 'gemma3' | 'phi3';

/** What the gate of an MLP goes through: `x * sigmoid(x)`, or GELU in its tanh form (arXiv 1606.08415, section 2). */
export type Activation = 'silu' | 'geluTanh';

/** Stretching by YaRN (arXiv 2309.00071, section 3.2): only slow pairs are interpolated. */
export interface YarnScaling {
  /** Tokens the model was trained on before it was stretched. */
  readonly originalContextTokens: number;
  /** Pairs that turn more often than this over the original context keep their frequency. */
  readonly betaFast: number;
  /** Pairs that turn less often than this are interpolated whole; between the two is a ramp. */
  readonly betaSlow: number;
}

/** Which angles rotary positions turn by; see `ropeFrequencies`. */
export interface RopeDescription {
  /** Pair `i` turns by `position * base^(-2i / ropeDims)` before any stretching. */
  readonly base: number;
  /** Angles are multiplied by this; below 1 where the context was stretched. */
  readonly scale: number;
  /** Spares fast pairs the scale; null: all pairs are scaled alike. */
  readonly yarn: YarnScaling | null;
  /** Tensor `[ropeDims / 2]` that divides the frequencies (Llama 3.1 and later, LongRoPE), or null. */
  readonly factors: string | null;
  /** Cosines and sines are multiplied by this: a temperature of attention that stretched contexts want. */
  readonly magnitude: number;
}

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
  /** The first dimensions of each head that are rotated; the rest pass through. */
  readonly ropeDims: number;
  /**
   * Which dimensions make a rotary pair: neighbours `(2i, 2i + 1)` when true (llama, whose q and k
   * rows a GGUF keeps in that order), `(i, i + ropeDims / 2)` when false.
   */
  readonly ropeInterleaved: boolean;
  readonly rope: RopeDescription;
  /** Angles of the sliding layers; null where there are none. */
  readonly slidingRope: RopeDescription | null;
  /** Added to the mean square in RMS normalisation. */
  readonly normEps: number;
  /** Whether each head of q and k goes through an RMS norm of its own before RoPE. */
  readonly queryKeyNorm: boolean;
  /** Whether what attention and MLP give is normalised before it joins the stream. */
  readonly branchNorms: boolean;
  readonly activation: Activation;
  /** Token embeddings are multiplied by this. */
  readonly embeddingScale: number;
  /** Products of queries and keys are multiplied by this. */
  readonly queryScale: number;
  /** Whether q, k and v have biases. */
  readonly qkvBias: boolean;
  /** Whether q, k and v lie in one tensor, and gate and up in another, rows in this order. */
  readonly fusedProjections: boolean;
  /** Whether the output layer is the token embedding again. */
  readonly tiedEmbeddings: boolean;
}
