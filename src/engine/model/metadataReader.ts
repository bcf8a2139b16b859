import { ModelFileError } from '#shared/errors/index.ts';
import type { GgufFile, GgufValue } from '../gguf/index.ts';

/** Reads typed values of a file's metadata, and names what is missing or out of range. */
export class MetadataReader {
  readonly #gguf: GgufFile;

  constructor(gguf: GgufFile) {
    this.#gguf = gguf;
  }

  text(key: string): string | undefined {
    const value = this.#gguf.metadata.get(key);
    if (value === undefined || typeof value === 'string') return value;
    throw this.#wrong(key, 'a text', value);
  }

  flag(key: string): boolean | undefined {
    const value = this.#gguf.metadata.get(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#wrong(key, 'yes or no', value);
  }

  /** A whole number from `minimum` to `maximum`. */
  integer(key: string, minimum: number, maximum: number): number | undefined {
    const value = this.#gguf.metadata.get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw this.#wrong(key, `a whole number from ${minimum} to ${maximum}`, value);
  }

  /** A finite number above 0. */
  positive(key: string): number | undefined {
    const value = this.#gguf.metadata.get(key);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
    throw this.#wrong(key, 'a number above 0', value);
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.#gguf.metadata.get(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw this.#wrong(key, 'a list of texts', value);
  }

  numbers(key: string): readonly number[] | undefined {
    const value = this.#gguf.metadata.get(key);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value;
    throw this.#wrong(key, 'a list of numbers', value);
  }

  /** A period of layers, or a flag for each of them (numbers count as flags: older files write 0 and 1). */
  periodOrFlags(key: string, layers: number): number | readonly boolean[] | undefined {
    const value = this.#gguf.metadata.get(key);
    if (!Array.isArray(value)) return this.integer(key, 0, layers);
    if (value.length === layers && value.every((item) => typeof item === 'boolean' || typeof item === 'number')) {
      return value.map(Boolean);
    }
    throw this.#wrong(key, `a flag for each of ${layers} layers`, value);
  }

  /** The value, or the error that says which key the file lacks. */
  required<Value>(key: string, value: Value | undefined): Value {
    if (value !== undefined) return value;
    throw new ModelFileError(
      'model/damaged',
      `${this.#gguf.path} does not state "${key}", which is needed to run it.`,
      {
        advice: 'Choose a file of this model made by a current llama.cpp.',
      },
    );
  }

  #wrong(key: string, needed: string, found: GgufValue): ModelFileError {
    const shown = Array.isArray(found) ? `a list of ${found.length}` : String(found).slice(0, 60);
    return new ModelFileError('model/damaged', `${this.#gguf.path} states ${key} = ${shown}; ${needed} is needed.`, {
      advice: 'Choose a file of this model made by a current llama.cpp.',
    });
  }
}
