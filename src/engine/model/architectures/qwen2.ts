import type { ArchitectureTraits } from './architectureTraits.ts';
import { llama } from './llama.ts';

/** Qwen2 and Qwen2.5: as llama, with biases on q, k and v, and rotary pairs half a head apart. */
export const qwen2: ArchitectureTraits = { ...llama, ropeInterleaved: false };
