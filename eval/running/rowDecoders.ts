import type { Adapter } from '../../src/engine/adapter/index.ts';
import { planDigest } from '../../src/engine/cache/files/index.ts';
import { createDecoder, type Decoder } from '../../src/engine/decode/decoder.ts';
import { defaultThreads } from '../../src/engine/runtime/threads.ts';
import type { CachePlan } from '../../src/shared/domain/index.ts';
import type { EvalModel } from '../evalModel.ts';
import { TextReader } from './textReader.ts';

/**
 * Decoders by their plan, made when they are needed. This is the one place where a plan becomes a decoder, with the
 * adapter that it names.
 */
export class RowDecoders {
  readonly #model: EvalModel;
  readonly #adapters: readonly Adapter[];
  readonly #threads: number;
  readonly #readers = new Map<string, TextReader>();

  /**
   * @param adapters those that plans may name
   * @param threads of each decoder
   */
  constructor(model: EvalModel, adapters: readonly Adapter[], threads = defaultThreads()) {
    this.#model = model;
    this.#adapters = adapters;
    this.#threads = threads;
  }

  /** A reader that remembers the last text it read. */
  async reader(plan: CachePlan, signal?: AbortSignal): Promise<TextReader> {
    const key = planDigest(plan, 'cpu');
    const known = this.#readers.get(key);
    if (known) return known;
    const { gguf, model } = this.#model;
    const adapter = this.#adapters.find(({ sha256 }) => sha256 === plan.adapter?.sha256) ?? null;
    const options = { gguf, model, plan, adapter, threads: this.#threads };
    const reader = new TextReader(await createDecoder(options, { signal }));
    this.#readers.set(key, reader);
    return reader;
  }

  async decoder(plan: CachePlan, signal?: AbortSignal): Promise<Decoder> {
    return (await this.reader(plan, signal)).decoder;
  }

  /** Lets go of all decoders but those of these plans. */
  async keepOnly(plans: readonly CachePlan[]): Promise<void> {
    const kept = new Set(plans.map((plan) => planDigest(plan, 'cpu')));
    for (const [key, { decoder }] of this.#readers) {
      if (kept.has(key)) continue;
      this.#readers.delete(key);
      await decoder.dispose();
    }
  }
}
