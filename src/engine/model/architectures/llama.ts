import type { ArchitectureTraits } from './architectureTraits.ts';

/**
 * Llama and its likes: SmolLM2, Llama 2 and 3, Mistral. RMS norm, rotary positions on neighbouring
 * dimensions (the converter permutes the rows of q and k so), grouped-query attention, SiLU-gated MLP.
 */
export const llama: ArchitectureTraits = { ropeInterleaved: true, defaultRopeBase: 10_000 };
