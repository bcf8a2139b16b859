import { InputError } from '#shared/errors/index.ts';
import { dequantize, type GgmlType, type WeightSource } from '../gguf/index.ts';
import { type ModelDescription, tensorNames } from '../model/index.ts';

/** Looks up the rows of tokens in the file itself: the table is large, and a chunk needs few of its rows. */
export class TokenEmbedding {
  readonly #weights: WeightSource;
  readonly #model: ModelDescription;
  readonly #type: GgmlType;

  constructor(weights: WeightSource, model: ModelDescription) {
    this.#weights = weights;
    this.#model = model;
    this.#type = weights.tensors.get(tensorNames.tokenEmbedding)!.type;
  }

  /**
   * @returns `[ids, hiddenSize]` float32, scaled as the model wants
   * @throws {InputError} `input/invalid` for an id that the vocabulary has not
   */
  rows(ids: readonly number[]): Float32Array {
    const { hiddenSize, vocabSize, embeddingScale } = this.#model;
    const result = new Float32Array(ids.length * hiddenSize);
    for (const [index, id] of ids.entries()) {
      if (!Number.isInteger(id) || id < 0 || id >= vocabSize) {
        throw new InputError('input/invalid', `${id} is no token of this model; its ids are 0 to ${vocabSize - 1}.`, {
          advice: 'Use the tokenizer of the same model file.',
        });
      }
      const packed = this.#weights.readRows(tensorNames.tokenEmbedding, id, 1);
      result.set(dequantize(this.#type, packed, hiddenSize), index * hiddenSize);
    }
    if (embeddingScale !== 1) for (let i = 0; i < result.length; i++) result[i]! *= embeddingScale;
    return result;
  }
}
