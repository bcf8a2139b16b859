import type { ArchitectureTraits, DecoderSizes } from './architectureTraits.ts';
import { llama } from './llama.ts';

/** The one size whose queries are scaled by the width of a head in the stream, not by its own. */
const LAYERS_OF_27B = 62;

/**
 * Gemma 3, text part (arXiv 2503.19786): five sliding layers to one that sees everything, each kind with
 * its own rotary base; norms before and after attention and MLP, and on each head of q and k; embeddings
 * scaled to the width of the stream; GELU-gated MLP. Norm weights lie in a GGUF with their 1 added.
 */
export const gemma3: ArchitectureTraits = {
  ...llama,
  ropeInterleaved: false,
  queryKeyNorm: true,
  branchNorms: true,
  activation: 'geluTanh',
  embeddingScale: ({ hiddenSize }) => Math.sqrt(hiddenSize),
  queryScale: ({ layers, hiddenSize, heads, headDim }: DecoderSizes) =>
    1 / Math.sqrt(layers === LAYERS_OF_27B ? hiddenSize / heads : headDim),
  sliding: { period: 6, ropeBase: 10_000 },
};
