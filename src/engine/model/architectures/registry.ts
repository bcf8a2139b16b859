import type { Architecture } from '../modelDescription.ts';
import type { ArchitectureTraits } from './architectureTraits.ts';
import { gemma3 } from './gemma3.ts';
import { llama } from './llama.ts';
import { phi3 } from './phi3.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

/** Every family that can be run, by the name its files state as `general.architecture`. */
export const architectures: Readonly<Record<Architecture, ArchitectureTraits>> = {
  llama,
  qwen2,
  qwen3,
  gemma3,
  phi3,
};

export const isArchitecture = (name: string): name is Architecture => Object.hasOwn(architectures, name);
