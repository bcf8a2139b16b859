import type { ArchitectureTraits } from './architectureTraits.ts';
import { llama } from './llama.ts';

/**
 * Qwen3 (arXiv 2505.09388): as llama, with rotary pairs half a head apart, no biases, and an RMS norm on
 * each head of q and k.
 */
export const qwen3: ArchitectureTraits = { ...llama, ropeInterleaved: false, queryKeyNorm: true };
