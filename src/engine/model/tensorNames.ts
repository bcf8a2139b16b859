/** The names under which a GGUF keeps the tensors of a decoder (llama.cpp's `LLM_TENSOR_NAMES`). */
export const tensorNames = {
  /** `[vocabSize, hiddenSize]` */
  tokenEmbedding: 'token_embd.weight',
  /** `[hiddenSize]` */
  outputNorm: 'output_norm.weight',
  /** `[vocabSize, hiddenSize]`; absent when the embeddings are tied. */
  output: 'output.weight',
  /** `[ropeDims / 2]` float32; see `RopeDescription.factors`. */
  ropeFactors: 'rope_freqs.weight',
  /** The same for contexts longer than the original one (LongRoPE). */
  longRopeFactors: 'rope_factors_long.weight',
  /** The same for contexts within the original one. */
  shortRopeFactors: 'rope_factors_short.weight',
} as const;

/** The names of one layer's tensors. Shapes are `[rows, row length]`. */
export interface LayerTensorNames {
  /** `[hiddenSize]` */
  readonly attentionNorm: string;
  /** `[heads * headDim, hiddenSize]` */
  readonly q: string;
  /** `[kvHeads * headDim, hiddenSize]` */
  readonly k: string;
  /** `[kvHeads * headDim, hiddenSize]` */
  readonly v: string;
  /** `[heads * headDim]` */
  readonly qBias: string;
  /** `[kvHeads * headDim]` */
  readonly kBias: string;
  /** `[kvHeads * headDim]` */
  readonly vBias: string;
  /** q, k and v below one another, `[(heads + 2 * kvHeads) * headDim, hiddenSize]`. */
  readonly qkv: string;
  /** `[headDim]` */
  readonly qNorm: string;
  /** `[headDim]` */
  readonly kNorm: string;
  /** `[hiddenSize, heads * headDim]` */
  readonly attentionOutput: string;
  /** `[hiddenSize]` */
  readonly attentionBranchNorm: string;
  /** `[hiddenSize]` */
  readonly ffnNorm: string;
  /** `[ffnSize, hiddenSize]` */
  readonly gate: string;
  /** `[ffnSize, hiddenSize]`; gate and up below one another, `[2 * ffnSize, hiddenSize]`, where they are fused. */
  readonly up: string;
  /** `[hiddenSize, ffnSize]` */
  readonly down: string;
  /** `[hiddenSize]` */
  readonly ffnBranchNorm: string;
}

/** @param layer counts from 0 */
export function layerTensorNames(layer: number): LayerTensorNames {
  const at = `blk.${layer}`;
  return {
    attentionNorm: `${at}.attn_norm.weight`,
    q: `${at}.attn_q.weight`,
    k: `${at}.attn_k.weight`,
    v: `${at}.attn_v.weight`,
    qBias: `${at}.attn_q.bias`,
    kBias: `${at}.attn_k.bias`,
    vBias: `${at}.attn_v.bias`,
    qkv: `${at}.attn_qkv.weight`,
    qNorm: `${at}.attn_q_norm.weight`,
    kNorm: `${at}.attn_k_norm.weight`,
    attentionOutput: `${at}.attn_output.weight`,
    attentionBranchNorm: `${at}.post_attention_norm.weight`,
    ffnNorm: `${at}.ffn_norm.weight`,
    gate: `${at}.ffn_gate.weight`,
    up: `${at}.ffn_up.weight`,
    down: `${at}.ffn_down.weight`,
    ffnBranchNorm: `${at}.post_ffw_norm.weight`,
  };
}
