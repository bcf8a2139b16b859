import { ModelFileError } from '#shared/errors/index.ts';
import type { GgufFile } from '../gguf/index.ts';
import type { MetadataReader } from './metadataReader.ts';
import type { RopeDescription } from './modelDescription.ts';
import { tensorNames } from './tensorNames.ts';

/** What `readRope` must know beside the file. */
export interface RopeDefaults {
  readonly architecture: string;
  readonly base: number;
  readonly contextTokens: number;
}

const MAX_CONTEXT_TOKENS = 2 ** 28;

/**
 * Reads how rotary positions turn, and how they were stretched (keys `rope.*` of the GGUF
 * specification, meant as llama.cpp computes them).
 *
 * `linear` divides every position by a factor; `yarn` spares the fast pairs; `longrope` and Llama 3 have
 * tensors of factors. Of LongRoPE's two, the long one is taken for a file whose context passes the original
 * one: keys of a cache cannot be turned again when a text has grown.
 * @throws {ModelFileError} `model/unsupported` for another way of stretching
 */
export function readRope(gguf: GgufFile, metadata: MetadataReader, defaults: RopeDefaults): RopeDescription {
  const at = (name: string): string => `${defaults.architecture}.rope.${name}`;
  const kind = metadata.text(at('scaling.type')) ?? 'linear';
  if (!['none', 'linear', 'yarn', 'longrope'].includes(kind)) {
    throw new ModelFileError(
      'model/unsupported',
      `${gguf.path} stretches its context by "${kind}"; linear, yarn and longrope are known.`,
      { advice: 'Choose another file of this model.' },
    );
  }
  const factor = metadata.positive(at('scaling.factor')) ?? metadata.positive(at('scale_linear')) ?? 1;
  const originalContextTokens =
    metadata.integer(at('scaling.original_context_length'), 1, MAX_CONTEXT_TOKENS) ?? defaults.contextTokens;
  const yarn =
    kind === 'yarn'
      ? {
          originalContextTokens,
          betaFast: metadata.positive(at('scaling.yarn_beta_fast')) ?? 32,
          betaSlow: metadata.positive(at('scaling.yarn_beta_slow')) ?? 1,
        }
      : null;
  const magnitude = metadata.positive(at('scaling.attn_factor')) ?? 1;
  return {
    base: metadata.positive(at('freq_base')) ?? defaults.base,
    scale: kind === 'none' ? 1 : 1 / factor,
    yarn,
    factors: factorsTensor(gguf, defaults.contextTokens > originalContextTokens),
    // arXiv 2309.00071, equation 22: the longer the stretch, the sharper attention must be.
    magnitude: yarn && factor > 1 ? magnitude * (1 + 0.1 * Math.log(factor)) : magnitude,
  };
}

function factorsTensor(gguf: GgufFile, isStretched: boolean): string | null {
  const { ropeFactors, longRopeFactors, shortRopeFactors } = tensorNames;
  const known = [ropeFactors, isStretched ? longRopeFactors : shortRopeFactors];
  return known.find((name) => gguf.tensors.has(name)) ?? null;
}
