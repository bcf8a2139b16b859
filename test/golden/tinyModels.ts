import { tensorNames } from '../../src/engine/model/index.ts';
import type { TinyModelOptions } from '../fixtures/tinyGguf.ts';

/** A made-up model for each thing that files of the known architectures can ask for. */
export const tinyModels: Readonly<Record<string, TinyModelOptions>> = {
  llama: { architecture: 'llama' },
  'llama, linear scaling': { architecture: 'llama', rope: { scale: 0.25 } },
  'llama, YaRN': {
    architecture: 'llama',
    rope: {
      scale: 0.25,
      yarn: { originalContextTokens: 128, betaFast: 32, betaSlow: 1 },
      magnitude: 1 + 0.1 * Math.log(4),
    },
  },
  'llama, factors of Llama 3': { architecture: 'llama', rope: { factors: tensorNames.ropeFactors } },
  qwen2: { architecture: 'qwen2' },
  qwen3: { architecture: 'qwen3' },
  gemma3: { architecture: 'gemma3', vocabulary: 'sentencePiece' },
  phi3: { architecture: 'phi3', vocabulary: 'sentencePiece' },
  'phi3, part of each head turned': { architecture: 'phi3', vocabulary: 'sentencePiece', ropeDims: 12 },
  'phi3, LongRoPE': {
    architecture: 'phi3',
    vocabulary: 'sentencePiece',
    rope: { factors: tensorNames.longRopeFactors, magnitude: 1.25 },
  },
};

/** Tokens that every made-up vocabulary has and none of which structures a text. */
export const tinyPrompt: readonly number[] = Array.from({ length: 45 }, (_, index) => 6 + ((index * 37) % 90));
