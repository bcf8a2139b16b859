import type { ArchitectureTraits } from './architectureTraits.ts';

/**
 * Llama and its likes: SmolLM2, Llama 2 and 3, and Mistral, whose files call themselves llama too. RMS
 * norm, rotary positions on neighbouring dimensions (the converter permutes the rows of q and k so),
 * grouped-query attention, SiLU-gated MLP. The window of Mistral 7B v0.1 is in no GGUF.
 */
export const llama: ArchitectureTraits = {
  ropeInterleaved: true,
  defaultRopeBase: 10_000,
  queryKeyNorm: false,
  branchNorms: false,
  fusedProjections: false,
  activation: 'silu',
  embeddingScale: () => 1,
  queryScale: ({ headDim }) => 1 / Math.sqrt(headDim),
  controlsSwallowSpace: false,
  sliding: null,
};
