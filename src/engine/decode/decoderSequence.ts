import type { CachePlan, CacheReport } from '#shared/domain/index.ts';
import { CacheBudgetError, InputError } from '#shared/errors/index.ts';
import { chunkEnd, packedNearTokens } from '../cache/distantRange.ts';
import { SequenceCache } from '../cache/sequenceCache.ts';
import { layerOutputs } from '../graph/layersGraph.ts';
import type { RopeTable } from '../graph/ropeTable.ts';
import type { ModelDescription } from '../model/index.ts';
import { floats } from '../runtime/hostTensor.ts';
import { AttentionGatherer } from './attentionGatherer.ts';
import { causalMask, chunkInputs } from './chunkInputs.ts';
import type { DecoderPart } from './decoder.ts';
import type { OutputHead } from './outputHead.ts';
import type { PrefillOptions, Sequence, StepResult } from './sequence.ts';
import { slidingInputs } from './slidingInputs.ts';
import type { StepAttention } from './stepAttention.ts';
import type { TokenEmbedding } from './tokenEmbedding.ts';

export interface SequenceParts {
  readonly model: ModelDescription;
  readonly plan: CachePlan;
  readonly parts: readonly DecoderPart[];
  readonly head: OutputHead;
  readonly rope: RopeTable;
  /** Null in models without sliding layers. */
  readonly slidingRope: RopeTable | null;
  readonly embedding: TokenEmbedding;
}

interface ChunkResult {
  /** `[s, hiddenSize]` */
  readonly hidden: Float32Array;
  readonly attention: StepAttention;
  readonly taps: ReadonlyMap<string, Float32Array>;
}

export class DecoderSequence implements Sequence {
  readonly #parts: SequenceParts;
  #cache: SequenceCache;

  /** @param cache where to go on from */
  constructor(parts: SequenceParts, cache: SequenceCache = new SequenceCache(parts.plan)) {
    this.#parts = parts;
    this.#cache = cache;
  }

  get tokens(): number {
    return this.#cache.tokens;
  }

  async prefill(ids: readonly number[], options: PrefillOptions = {}): Promise<StepResult> {
    const { signal, onProgress, onChunk, allLogits = false } = options;
    this.#check(ids);
    this.#cache.reserve(this.tokens + ids.length);
    const { head } = this.#parts;
    const width = this.#parts.model.hiddenSize;
    let result: StepResult | null = null;
    for (let at = 0; at < ids.length; ) {
      const start = this.tokens;
      const count = Math.min(ids.length - at, chunkEnd(this.#parts.plan, start) - start);
      const { hidden, attention, taps } = await this.#run(ids.slice(at, at + count), { signal, writes: false });
      at += count;
      const last = at === ids.length;
      const logits = allLogits ? await head.all(hidden) : null;
      if (last) {
        const { vocabSize } = this.#parts.model;
        const lastLogits =
          logits?.subarray((count - 1) * vocabSize) ?? (await head.next(hidden.subarray((count - 1) * width)));
        result = { logits: lastLogits, attention };
      }
      await onChunk?.({ start, count, logits, taps });
      onProgress?.(at, ids.length);
    }
    return result!;
  }

  async step(id: number, { allLogits = false } = {}): Promise<StepResult> {
    this.#check([id]);
    const { hidden, attention } = await this.#run([id], { writes: true });
    const { head } = this.#parts;
    return { logits: await (allLogits ? head.all(hidden) : head.next(hidden)), attention };
  }

  report(): CacheReport {
    return this.#cache.report();
  }

  dispose(): void {
    this.#cache = new SequenceCache(this.#parts.plan);
  }

  /**
   * Runs a chunk within one block through all layers, then takes its rows into the cache. What is written may
   * read few of the distant tokens (`select` of the plan); what is read, reads all: its queries look at
   * different pages, and one look at the text is shared by all answers that follow.
   */
  async #run(
    ids: readonly number[],
    { signal, writes }: { readonly signal?: AbortSignal | undefined; readonly writes: boolean },
  ): Promise<ChunkResult> {
    const { model, plan, parts, rope, slidingRope, embedding } = this.#parts;
    const cache = this.#cache;
    signal?.throwIfAborted();
    cache.advance();
    const start = cache.tokens;
    const count = ids.length;
    const common = {
      ...chunkInputs(model, cache, rope.rows(start, count), {
        mask: causalMask(model, count),
        count,
        pages: this.#pages(writes),
        packsNear: packedNearTokens(plan) > 0,
      }),
      ...(slidingRope && slidingInputs(model, cache, slidingRope.rows(start, count), count)),
    };
    const gatherer = new AttentionGatherer(plan, cache, count);
    let hidden = embedding.rows(ids);
    const rows: { layer: number; keys: Float32Array; values: Float32Array }[] = [];
    const taps = new Map<string, Float32Array>();
    for (const { range, session, taps: tapNames } of parts) {
      const feeds = { ...common, hidden: floats(hidden, [count, model.hiddenSize]) };
      cache.feed(range.start, range.end, feeds);
      const outputs = await session.run(feeds, [...layerOutputs(plan, range, cache.distantTokens > 0), ...tapNames]);
      hidden = outputs['hiddenOut']!;
      const size = count * model.kvHeads * model.headDim;
      for (let layer = range.start; layer < range.end; layer++) {
        const from = (layer - range.start) * size;
        const keys = outputs['keys']!.subarray(from, from + size);
        rows.push({ layer, keys, values: outputs['values']!.subarray(from, from + size) });
      }
      gatherer.add(range, outputs);
      for (const name of tapNames) taps.set(name, outputs[name]!);
      // A chunk that is given up half way leaves no trace: rows are taken in only when all layers are done.
      signal?.throwIfAborted();
    }
    const attention = gatherer.finish();
    for (const { layer, keys, values } of rows) cache.append(layer, keys, values);
    cache.commit(count);
    return { hidden, attention, taps };
  }

  #pages(writes: boolean): { readonly count: number; readonly tokens: number } | null {
    const { select } = this.#parts.plan;
    if (!select) return null;
    const pages = Math.max(1, this.#cache.distantTokens / select.pageTokens);
    const count = writes ? Math.min(pages, select.readTokens / select.pageTokens) : pages;
    return { count, tokens: select.pageTokens };
  }

  #check(ids: readonly number[]): void {
    const { contextTokens } = this.#parts.model;
    if (ids.length === 0) {
      throw new InputError('input/empty', 'There is no token to read.', { advice: 'Give some text.' });
    }
    if (this.tokens + ids.length > contextTokens) {
      throw new CacheBudgetError(
        'cache/context',
        `Needs ${this.tokens + ids.length} tokens; the model was made for ${contextTokens}.`,
        { advice: 'Choose a smaller part of the text, or a model with a longer context.' },
      );
    }
  }
}
