import type { Architecture } from '../modelDescription.ts';
import type { ArchitectureTraits } from './architectureTraits.ts';
import { llama } from './llama.ts';
import { qwen2 } from './qwen2.ts';

/** Every family that can be run, by the name its files state as `general.architecture`. */
export const architectures: Readonly<Record<Architecture, ArchitectureTraits>> = { llama, qwen2 };

export const isArchitecture = (name: string): name is Architecture => Object.hasOwn(architectures, name);
