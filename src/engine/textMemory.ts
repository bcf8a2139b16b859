import type { CachePlan } from '#shared/domain/index.ts';
import { type CacheFolder, commonPrefix } from './cache/files/index.ts';
import { SequenceCache } from './cache/sequenceCache.ts';

/** Reading fewer tokens again takes about as long as loading them would. */
const LEAST_SAVED_TOKENS = 512;

interface ReadText {
  /** What is read, or to be read; the answer is not part of it. */
  readonly ids: readonly number[];
  readonly marks: readonly number[];
  readonly cache: SequenceCache;
  isSaved: boolean;
}

/** A file that is being written, or waits for that. */
interface Saving {
  readonly cache: SequenceCache;
  /** The part of the text that goes into the file. */
  readonly ids: Int32Array;
  readonly done: Promise<void>;
}

/** A text opened for reading. */
export interface OpenedText {
  readonly cache: SequenceCache;
  /** How many of its tokens are in the cache already. */
  readonly reusedTokens: number;
}

/**
 * Remembers what was read, so that the next question on the same text reads only what is new: the
 * last text in memory, others in files. One text is open at a time.
 */
export class TextMemory {
  readonly #plan: CachePlan;
  #folder: CacheFolder | null;
  #text: ReadText | null = null;
  readonly #saving = new Set<Saving>();

  constructor(plan: CachePlan, folder: CacheFolder | null) {
    this.#plan = plan;
    this.#folder = folder;
  }

  /** Memory that is given free, or used again, by opening the next text. */
  get heldBytes(): number {
    return this.#text?.cache.report().cacheBytes ?? 0;
  }

  /**
   * Opens a text with as much of it read as is remembered. The text before it is forgotten; what is
   * still written of it to a file goes on.
   * @param marks where to take snapshots while it is read: see `snapshotMarks`
   */
  async open(ids: readonly number[], marks: readonly number[]): Promise<OpenedText> {
    const opened = await this.#recall(ids);
    opened.cache.keepSnapshots([...marks, opened.reusedTokens]);
    this.#text = { ids, marks, cache: opened.cache, isSaved: false };
    return opened;
  }

  /** Told after each chunk of the open text that was read. */
  chunkRead(): void {
    const { cache, marks } = this.#text!;
    if (marks.includes(cache.tokens)) cache.snapshot();
  }

  /** Told when the answer has ended. One that was stopped while the text was read can go on from there. */
  ended(): void {
    const { cache, ids } = this.#text!;
    if (cache.tokens < ids.length && cache.tokens % this.#plan.chunkTokens === 0) cache.snapshot();
  }

  /**
   * Writes the open text to its file while its answer is written, if that is worth a file. Whatever goes
   * wrong there costs a warning and the time to read the text again one day.
   */
  save(): void {
    const text = this.#text;
    if (!this.#folder || !text || text.isSaved) return;
    text.isSaved = true;
    const tokens = text.cache.rewindPoint(Math.max(0, ...text.marks));
    if (tokens < LEAST_SAVED_TOKENS) return;
    const { cache } = text;
    const ids = Int32Array.from(text.ids.slice(0, tokens));
    const done = this.#folder
      .save(ids, cache)
      .then(
        () => undefined,
        (thrown: unknown) => {
          process.emitWarning(`A cache file could not be written: ${String(thrown)}`);
        },
      )
      .finally(() => this.#saving.delete(saving));
    const saving: Saving = { cache, ids, done };
    this.#saving.add(saving);
  }

  /** Neither takes anything from files from now on nor keeps anything in them. */
  leaveFiles(): void {
    this.#folder = null;
  }

  /** Waits until files are written, and forgets what is in memory. */
  async close(): Promise<void> {
    this.save();
    await Promise.all([...this.#saving].map(({ done }) => done));
    this.#text = null;
  }

  /**
   * Waits for files that hold more of a text than `tokens`, because loading is quicker than reading, and
   * for one of `cache` that goes further, because its rows from there on will be written over.
   */
  async #saved(ids: readonly number[], cache: SequenceCache | undefined, tokens: number): Promise<void> {
    const awaited = [...this.#saving].filter(
      (saving) => commonPrefix(saving.ids, ids) > tokens || (saving.cache === cache && saving.ids.length > tokens),
    );
    await Promise.all(awaited.map(({ done }) => done));
  }

  async #recall(ids: readonly number[]): Promise<OpenedText> {
    const kept = this.#text;
    this.#text = null;
    const inMemory = kept ? kept.cache.rewindPoint(Math.min(commonPrefix(kept.ids, ids), ids.length - 1)) : 0;
    await this.#saved(ids, kept?.cache, inMemory);
    const found = await this.#folder?.find(ids);
    if (kept && inMemory > 0 && inMemory >= (found?.reusedTokens ?? 0)) {
      kept.cache.rewind(inMemory);
      return { cache: kept.cache, reusedTokens: inMemory };
    }
    if (!found) return { cache: new SequenceCache(this.#plan), reusedTokens: 0 };
    const cache = await this.#folder!.load(found, ids.length);
    // A file that was refused is gone by now; another one may do.
    return cache ? { cache, reusedTokens: found.reusedTokens } : this.#recall(ids);
  }
}
