import type { ArchitectureTraits } from './architectureTraits.ts';
import { llama } from './llama.ts';

/**
 * Phi-3, Phi-3.5 and Phi-4 (arXiv 2404.14219): as llama, with rotary pairs half a head apart, q, k and v
 * in one tensor, gate and up in another. A window shorter than the context slides in every layer, as the
 * model was trained; llama.cpp leaves it out.
 */
export const phi3: ArchitectureTraits = {
  ...llama,
  ropeInterleaved: false,
  fusedProjections: true,
  controlsSwallowSpace: true,
  sliding: { period: 0, ropeBase: null },
};
