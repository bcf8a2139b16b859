import { createHash } from 'node:crypto';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { CachePlan } from '#shared/domain/index.ts';
import type { NamedTensor } from '../namedTensor.ts';
import { rewindPoint } from '../rewindPoint.ts';
import { SequenceCache } from '../sequenceCache.ts';
import type { CacheKey } from './cacheFileHeader.ts';
import { CacheIndex } from './cacheIndex.ts';
import { CACHE_SUFFIX, evictOldest, removeUnfinished } from './cacheSpace.ts';
import { commonPrefix } from './commonPrefix.ts';
import { type CacheFileStart, idsTensor, readCacheFile } from './readCacheFile.ts';
import { writeCacheFile } from './writeCacheFile.ts';

export interface CacheFolderOptions {
  /** Holds the files of all models and plans; made when it is missing. */
  readonly folder: string;
  /** Bytes that all files together may take. */
  readonly capBytes: number;
  readonly key: CacheKey;
  readonly plan: CachePlan;
}

/** A file that holds the beginning of a text. */
export interface FoundCache {
  readonly path: string;
  readonly start: CacheFileStart;
  /** How many tokens of the text it saves reading. */
  readonly reusedTokens: number;
}

/**
 * Caches of texts that were read under one plan of one model, a file each. Several processes may
 * share the folder: files appear whole, may vanish at any time, and are never written again.
 */
export class CacheFolder {
  readonly #options: CacheFolderOptions;
  readonly #path: string;
  readonly #index: CacheIndex;
  /** The last file that is written; they are written one after the other. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(options: CacheFolderOptions) {
    this.#options = options;
    const { folder, key, plan } = options;
    this.#path = join(folder, `${key.model.slice(0, 16)}-${key.plan.slice(0, 16)}`);
    this.#index = new CacheIndex(this.#path, key, plan);
  }

  /** Opens the folder and clears what writers that died have left. @throws what the file system throws */
  static async open(options: CacheFolderOptions): Promise<CacheFolder> {
    const opened = new CacheFolder(options);
    await mkdir(opened.#path, { recursive: true });
    await removeUnfinished(options.folder);
    await evictOldest(options.folder, options.capBytes);
    return opened;
  }

  /**
   * The file with which most of a text needs no reading; null when there is none. At least one token
   * is always left to read, because the model answers only after one.
   */
  async find(ids: readonly number[]): Promise<FoundCache | null> {
    let best: FoundCache | null = null;
    for (const [path, start] of await this.#index.look()) {
      const same = Math.min(commonPrefix(start.ids, ids), ids.length - 1);
      const reusedTokens = rewindPoint(this.#options.plan, start.card.snapshots, same);
      if (reusedTokens > (best?.reusedTokens ?? 0)) best = { path, start, reusedTokens };
    }
    return best;
  }

  /**
   * Reads a file into a new cache that stands at `found.reusedTokens`. A file that is damaged, or is of
   * another model or plan, is deleted, and the text is read again in its stead.
   *
   * @param roomTokens how long the text will become, so that nothing is copied as it grows
   */
  async load({ path, start, reusedTokens }: FoundCache, roomTokens: number): Promise<SequenceCache | null> {
    const { key, plan } = this.#options;
    const { tokens, snapshots } = start.card;
    const cache = new SequenceCache(plan);
    cache.reserve(Math.max(roomTokens, tokens));
    cache.allocate(tokens, snapshots);
    const ids = new Int32Array(tokens);
    const tensors = [idsTensor(ids), ...cache.tensors(tokens)];
    const refused = await readCacheFile(path, { ...key, tokens, snapshots }, tensors).catch(String);
    if (refused !== null || commonPrefix(ids, start.ids) < tokens) {
      await this.#index.forget(path);
      return null;
    }
    await touch(path);
    cache.rewind(reusedTokens);
    return cache;
  }

  /**
   * Keeps the first `ids.length` tokens of a cache, up to a position it can go back to, unless a file
   * holds them already; files that are part of the new one go. The cache may read on meanwhile, and go
   * back, but not to before that position.
   * @returns its size in bytes, 0 when there was nothing to write
   * @throws what the file system throws
   */
  save(ids: Int32Array, cache: SequenceCache): Promise<number> {
    const snapshots = cache.snapshots.filter((position) => position <= ids.length);
    const tensors = [idsTensor(ids), ...cache.tensors(ids.length)];
    const turn = this.#writing.then(() => this.#save(ids, snapshots, tensors));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #save(ids: Int32Array, snapshots: readonly number[], tensors: readonly NamedTensor[]): Promise<number> {
    const { folder, capBytes, key } = this.#options;
    const known = await this.#index.look();
    const holder = [...known].find(([, start]) => holds(start, ids, snapshots));
    if (holder) {
      await touch(holder[0]);
      return 0;
    }
    if (tensors.reduce((sum, { data }) => sum + data.byteLength, 0) > capBytes) return 0;
    const name = createHash('sha256').update(ids).digest('hex').slice(0, 32);
    const path = join(this.#path, name + CACHE_SUFFIX);
    const bytes = await writeCacheFile(path, { ...key, tokens: ids.length, snapshots }, tensors);
    for (const [other, start] of known) {
      if (other !== path && isPart(start, ids, snapshots)) await this.#index.forget(other);
    }
    await evictOldest(folder, capBytes);
    return bytes;
  }
}

/** Marks a file as used now. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined);
}

/** Whether a file has all these tokens and snapshots. */
function holds({ ids, card }: CacheFileStart, wanted: Int32Array, snapshots: readonly number[]): boolean {
  const has = new Set(card.snapshots);
  return commonPrefix(ids, wanted) === wanted.length && snapshots.every((position) => has.has(position));
}

/** Whether a longer text has all tokens and snapshots of a file. */
function isPart({ ids, card }: CacheFileStart, whole: Int32Array, snapshots: readonly number[]): boolean {
  return commonPrefix(ids, whole) === ids.length && card.snapshots.every((position) => snapshots.includes(position));
}
