import { ModelFileError } from '#shared/errors/index.ts';
import { computableTypes, type GgufFile, isComputable } from '../gguf/index.ts';
import type { ArchitectureTraits } from './architectures/architectureTraits.ts';
import { architectures, isArchitecture } from './architectures/registry.ts';
import { expectedTensors } from './expectedTensors.ts';
import { MetadataReader } from './metadataReader.ts';
import type { Architecture, ModelDescription, RopeDescription } from './modelDescription.ts';
import { readRope } from './readRope.ts';
import { readSliding } from './readSliding.ts';
import { layerTensorNames, tensorNames } from './tensorNames.ts';

/** Bounds on sizes that memory is taken by; several times the largest open models. */
const MAX_LAYERS = 1024;
const MAX_HEADS = 1024;
const MAX_WIDTH = 2 ** 20;
const MAX_CONTEXT_TOKENS = 2 ** 28;

/**
 * Reads what kind of decoder a file holds, and checks that every tensor the computation needs
 * is there in the shape and in a type that can be computed with.
 *
 * @throws {ModelFileError} `model/unsupported` for another architecture or type of weights,
 *   `model/damaged` where metadata and tensors do not fit together
 */
export function describeModel(gguf: GgufFile): ModelDescription {
  const metadata = new MetadataReader(gguf);
  const architecture = supportedArchitecture(gguf, metadata);
  const key = (name: string): string => `${architecture}.${name}`;
  const integer = (name: string, maximum: number): number | undefined => metadata.integer(key(name), 1, maximum);
  const need = (name: string, maximum: number): number => metadata.required(key(name), integer(name, maximum));

  const layers = need('block_count', MAX_LAYERS);
  const hiddenSize = need('embedding_length', MAX_WIDTH);
  const heads = need('attention.head_count', MAX_HEADS);
  const kvHeads = integer('attention.head_count_kv', heads) ?? heads;
  const headDim = integer('attention.key_length', MAX_WIDTH) ?? hiddenSize / heads;
  const contextTokens = need('context_length', MAX_CONTEXT_TOKENS);
  const traits = architectures[architecture];
  const sizes = { layers, heads, headDim, hiddenSize };
  const rope = readRope(gguf, metadata, { architecture, base: traits.defaultRopeBase, contextTokens });
  const sliding = readSliding(metadata, { architecture, layers, contextTokens, traits: traits.sliding });
  const model: ModelDescription = {
    architecture,
    name: metadata.text('general.name') ?? architecture,
    ...sizes,
    kvHeads,
    ffnSize: need('feed_forward_length', MAX_WIDTH),
    vocabSize: gguf.tensors.get(tensorNames.tokenEmbedding)?.shape[1] ?? 0,
    contextTokens,
    ropeDims: integer('rope.dimension_count', headDim) ?? headDim,
    ropeInterleaved: traits.ropeInterleaved,
    rope,
    ...(sliding && { sliding }),
    slidingRope: sliding && slidingRope(metadata.positive(key('rope.freq_base_swa')), traits, rope),
    normEps: metadata.required(
      key('attention.layer_norm_rms_epsilon'),
      metadata.positive(key('attention.layer_norm_rms_epsilon')),
    ),
    queryKeyNorm: traits.queryKeyNorm,
    branchNorms: traits.branchNorms,
    activation: traits.activation,
    embeddingScale: traits.embeddingScale(sizes),
    queryScale: traits.queryScale(sizes),
    qkvBias: gguf.tensors.has(layerTensorNames(0).qBias),
    fusedProjections: traits.fusedProjections,
    tiedEmbeddings: !gguf.tensors.has(tensorNames.output),
  };
  checkSizes(gguf, metadata, model);
  checkTensors(gguf, model);
  return model;
}

function supportedArchitecture(gguf: GgufFile, metadata: MetadataReader): Architecture {
  const name = metadata.required('general.architecture', metadata.text('general.architecture'));
  if (!isArchitecture(name)) {
    throw unsupported(gguf, `is of the architecture "${name}"; ${Object.keys(architectures).join(' and ')} can be run`);
  }
  if (metadata.integer(`${name}.expert_count`, 0, MAX_WIDTH)) throw unsupported(gguf, 'is a mixture of experts');
  if (gguf.metadata.get(`${name}.final_logit_softcapping`))
    throw unsupported(gguf, 'caps its logits, which is not known');
  return name;
}

/** Where a family gives its sliding layers angles of their own, these are not stretched. */
function slidingRope(stated: number | undefined, traits: ArchitectureTraits, rope: RopeDescription): RopeDescription {
  const base = stated ?? traits.sliding?.ropeBase ?? null;
  return base === null ? rope : { base, scale: 1, yarn: null, factors: null, magnitude: 1 };
}

function checkSizes(gguf: GgufFile, metadata: MetadataReader, model: ModelDescription): void {
  const valueLength = metadata.integer(`${model.architecture}.attention.value_length`, 1, MAX_WIDTH) ?? model.headDim;
  const fits =
    Number.isInteger(model.headDim) &&
    model.headDim % 2 === 0 &&
    model.ropeDims % 2 === 0 &&
    model.heads % model.kvHeads === 0 &&
    valueLength === model.headDim;
  if (fits) return;
  throw new ModelFileError(
    'model/damaged',
    `${gguf.path} states sizes that do not fit together: width ${model.hiddenSize}, ${model.heads} heads, ` +
      `${model.kvHeads} KV heads, head size ${model.headDim}, value size ${valueLength}, ${model.ropeDims} rotated.`,
    { advice: 'Choose another file of this model.' },
  );
}

function checkTensors(gguf: GgufFile, model: ModelDescription): void {
  for (const { name, shape } of expectedTensors(model)) {
    const tensor = gguf.tensors.get(name);
    if (!tensor || tensor.shape.join() !== shape.join()) {
      throw new ModelFileError(
        'model/damaged',
        tensor
          ? `${gguf.path}: the tensor "${name}" has the shape [${tensor.shape.join(', ')}], and [${shape.join(', ')}] is needed.`
          : `${gguf.path} has no tensor "${name}".`,
        { advice: 'Choose a complete file of this model.' },
      );
    }
    if (!isComputable(tensor.type)) {
      throw unsupported(gguf, `keeps "${name}" as ${tensor.type}; ${computableTypes.join(', ')} can be computed with`);
    }
  }
}

function unsupported(gguf: GgufFile, what: string): ModelFileError {
  return new ModelFileError('model/unsupported', `${gguf.path} ${what}.`, {
    advice: 'Choose a Llama, SmolLM2, Mistral, Qwen, Gemma 3 or Phi model, for example in Q4_K_M.',
  });
}
