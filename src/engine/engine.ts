import { availableMemory } from 'node:process';
import type {
  AnswerRequest,
  CompletePosition,
  CompleteRequest,
  EngineCalls,
  LoadProgress,
} from '#shared/contract/index.ts';
import type { AnswerId } from '#shared/domain/index.ts';
import { CacheBudgetError, EngineError, InputError } from '#shared/errors/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import { AttentionRecord } from './attention/index.ts';
import { snapshotBytes } from './cache/nearSnapshot.ts';
import { peakBytes, planBytes } from './cache/planBytes.ts';
import { scorePosition } from './decode/scorePosition.ts';
import { snapshotMarks } from './decode/snapshotMarks.ts';
import { WorkQueue } from './decode/workQueue.ts';
import { DeviceWatch } from './deviceWatch.ts';
import { deviceOf, type LoadedDecoder, loadDecoder } from './loadedDecoder.ts';
import { availableDevices } from './runtime/availableDevices.ts';
import type { DeviceChoiceOptions } from './runtime/chooseDevice.ts';
import { layOutPrompt } from './tokenizer/index.ts';
import { writeAnswer } from './writeAnswer.ts';

/** Answers whose attention is kept, the newest; a map of a long answer takes some 25 MiB. */
const KEPT_RECORDS = 16;

type Context<Name extends keyof EngineCalls> = Parameters<Handlers<EngineCalls>[Name]>[1];

/** GGUF in, tokens out: one loaded model, a queue of work on it, and what its answers attended to. */
export class Engine {
  readonly #queue = new WorkQueue();
  readonly #records = new Map<AnswerId, AttentionRecord>();
  readonly #devices: DeviceChoiceOptions;
  #loaded: LoadedDecoder | null = null;

  /** @param devices how devices are chosen and sessions made on them */
  constructor(devices: DeviceChoiceOptions = {}) {
    this.#devices = devices;
  }

  readonly handlers: Handlers<EngineCalls> = {
    devices: () => availableDevices(this.#devices.providers),
    load: (request, { signal, report }) =>
      this.#queue.run(async () => {
        await this.#unload();
        const onProgress = (progress: LoadProgress): void => void report(progress);
        this.#loaded = await loadDecoder(request, { signal, onProgress }, this.#devices);
        return this.#loaded.card;
      }, signal),
    count: ({ texts }) => {
      const { tokenizer } = this.#needLoaded();
      return texts.map((text) => tokenizer.encode(text, 'plain').length);
    },
    budget: ({ tokens }) => {
      const { decoder } = this.#needLoaded();
      const { cacheBytes, denseBytes, denseFp16Bytes } = planBytes(decoder.plan, tokens);
      const { contextTokens } = decoder.model;
      return { cacheBytes, denseBytes, denseFp16Bytes, freeMemoryBytes: availableMemory(), contextTokens };
    },
    answer: (request, context) => this.#queue.run(() => this.#answer(request, context), context.signal),
    complete: (request, context) => this.#queue.run(() => this.#complete(request, context), context.signal),
    attended: ({ answerId, ranges }) => this.#record(answerId).attended(ranges),
    describeMap: ({ answerId }) => this.#record(answerId).describe(),
    mapTile: ({ answerId, request }) => this.#record(answerId).tile(request),
  };

  async #answer(request: AnswerRequest, { signal, report }: Context<'answer'>): Promise<EngineCalls['answer']['out']> {
    const loaded = this.#needLoaded();
    const { decoder, tokenizer, template, memory } = loaded;
    const watch = new DeviceWatch(loaded, report);
    const { ids, parts } = layOutPrompt(request.messages, tokenizer, template);
    const textEnds = parts.map(({ tokenStart, offsets }) => tokenStart + offsets.length - 1);
    const marks = snapshotMarks(decoder.plan, textEnds, ids.length);
    this.#checkRoom(ids.length, request.maxNewTokens, marks.length);
    const { cache, reusedTokens } = await memory.open(ids, marks);
    await report({ type: 'prompt', promptTokens: ids.length, reusedTokens, parts });
    const record = new AttentionRecord(decoder.plan, ids.length);
    const sequence = decoder.startSequence(cache);
    try {
      const written = await writeAnswer({
        sequence,
        tokenizer,
        promptIds: ids,
        maxNewTokens: request.maxNewTokens,
        contextTokens: decoder.model.contextTokens,
        sampling: request.sampling,
        signal,
        report: async (progress) => {
          await watch.report(progress);
          if (progress.type === 'token') memory.save();
        },
        onChunk: () => memory.chunkRead(),
        onToken: (_id, text, step) => record.add(text, step.attention),
      });
      watch.check();
      return { ...written, ...deviceOf(loaded) };
    } finally {
      this.#keep(request.answerId, record);
      memory.ended();
      sequence.dispose();
    }
  }

  async #complete(
    request: CompleteRequest,
    { signal, report }: Context<'complete'>,
  ): Promise<EngineCalls['complete']['out']> {
    const loaded = this.#needLoaded();
    const { decoder, tokenizer } = loaded;
    const watch = new DeviceWatch(loaded, report);
    const { bosId, addBos } = tokenizer.vocabulary;
    const promptIds = [...(addBos && bosId !== null ? [bosId] : []), ...tokenizer.encode(request.prompt, 'defined')];
    if (promptIds.length === 0) {
      throw new InputError('input/empty', 'The prompt is empty; it needs at least one token.', {
        advice: 'Give a prompt.',
      });
    }
    const forceIds =
      request.forceIds ?? (request.force === undefined ? undefined : tokenizer.encode(request.force, 'defined'));
    this.#checkRoom(promptIds.length, forceIds?.length ?? request.tokens);
    const sequence = decoder.startSequence();
    const positions: CompletePosition[] = [];
    try {
      const written = await writeAnswer({
        sequence,
        tokenizer,
        promptIds,
        maxNewTokens: request.tokens,
        contextTokens: decoder.model.contextTokens,
        sampling: request.sampling ?? { temperature: 0, repetitionPenalty: 1 },
        ...(forceIds && { forceIds }),
        signal,
        report: watch.report,
        onToken: (id, text, step) => positions.push(scorePosition(step.logits, id, text)),
      });
      watch.check();
      return { ...written, ...deviceOf(loaded), promptIds, positions };
    } finally {
      sequence.dispose();
    }
  }

  /** Checks before anything is allocated that the text fits the model and the machine. */
  #checkRoom(promptTokens: number, newTokens: number, snapshots = 0): void {
    const { decoder, memory } = this.#needLoaded();
    const { contextTokens } = decoder.model;
    if (promptTokens >= contextTokens) {
      throw new CacheBudgetError(
        'cache/context',
        `The text has ${promptTokens} tokens; the model reads at most ${contextTokens}.`,
        { advice: 'Ask about a smaller part of the book, or choose a model with a longer context.' },
      );
    }
    const cacheBytes = peakBytes(decoder.plan, Math.min(contextTokens, promptTokens + newTokens));
    const neededBytes = cacheBytes + snapshotBytes(decoder.plan, snapshots);
    const freeBytes = availableMemory() + memory.heldBytes;
    if (neededBytes > freeBytes) {
      throw new CacheBudgetError(
        'cache/budget',
        `Reading the text needs ${inMebibytes(neededBytes)} of cache; ${inMebibytes(freeBytes)} of memory are free.`,
        { advice: 'Ask about a smaller part of the book, or close other programs.', retryable: true },
      );
    }
  }

  #needLoaded(): LoadedDecoder {
    if (this.#loaded) return this.#loaded;
    throw new EngineError('engine/notLoaded', 'No model is loaded.', {
      advice: 'Choose a model first.',
      retryable: true,
    });
  }

  #record(answerId: AnswerId): AttentionRecord {
    const record = this.#records.get(answerId);
    if (record) return record;
    throw new InputError('input/unknownAnswer', 'What this answer attended to is no longer kept.', {
      advice: 'Ask the question again to see its map.',
    });
  }

  #keep(answerId: AnswerId, record: AttentionRecord): void {
    this.#records.set(answerId, record);
    const oldest = this.#records.keys().next().value;
    if (this.#records.size > KEPT_RECORDS && oldest !== undefined) this.#records.delete(oldest);
  }

  async #unload(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    if (!loaded) return;
    await loaded.memory.close();
    await loaded.decoder.dispose();
    loaded.gguf.close();
  }

  /** Lets go of the model. */
  dispose(): Promise<void> {
    return this.#queue.run(() => this.#unload());
  }
}

const inMebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
