import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { CachePlan } from '#shared/domain/index.ts';
import type { NamedTensor } from '../namedTensor.ts';
import { planBytes } from '../planBytes.ts';
import { rewindPoint } from '../rewindPoint.ts';
import { SequenceCache } from '../sequenceCache.ts';
import type { CacheKey } from './cacheFileHeader.ts';
import { CACHE_SUFFIX, evictOldest, removeUnfinished } from './cacheSpace.ts';
import { type CacheFileStart, idsTensor, readCacheFile, readCacheFileStart } from './readCacheFile.ts';
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

interface KnownFile {
  /** Size and time of change: a file that differs is looked at anew. */
  readonly version: string;
  readonly start: CacheFileStart;
}

/**
 * Caches of texts that were read under one plan of one model, a file each. Several processes may
 * share the folder: files appear whole, may vanish at any time, and are never written again.
 */
export class CacheFolder {
  readonly #options: CacheFolderOptions;
  readonly #path: string;
  readonly #known = new Map<string, KnownFile>();
  /** The last file that is written; they are written one after the other. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(options: CacheFolderOptions) {
    this.#options = options;
    const { folder, key } = options;
    this.#path = join(folder, `${key.model.slice(0, 16)}-${key.plan.slice(0, 16)}`);
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
    await this.#look();
    let best: FoundCache | null = null;
    for (const [path, { start }] of this.#known) {
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
      await this.#forget(path);
      return null;
    }
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    cache.rewind(reusedTokens);
    return cache;
  }

  /**
   * Keeps the first `ids.length` tokens of a cache, up to a position it can go back to, unless a file
   * holds them already; files that are part of the new one go. The cache may read on meanwhile, and go
   * back, but not to before that position.
   * @returns its size in bytes, 0 when there was nothing to write
   * @throws what the file system throws, and the signal's reason
   */
  save(ids: Int32Array, cache: SequenceCache, signal: AbortSignal): Promise<number> {
    const snapshots = cache.snapshots.filter((position) => position <= ids.length);
    const tensors = [idsTensor(ids), ...cache.tensors(ids.length)];
    const turn = this.#writing.then(() => this.#save(ids, snapshots, tensors, signal));
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  async #save(
    ids: Int32Array,
    snapshots: readonly number[],
    tensors: readonly NamedTensor[],
    signal: AbortSignal,
  ): Promise<number> {
    const { folder, capBytes, key } = this.#options;
    signal.throwIfAborted();
    await this.#look();
    if (this.#holding(ids, snapshots)) return 0;
    if (tensors.reduce((sum, { data }) => sum + data.byteLength, 0) > capBytes) return 0;
    const name = createHash('sha256').update(ids).digest('hex').slice(0, 32);
    const path = join(this.#path, name + CACHE_SUFFIX);
    const bytes = await writeCacheFile(path, { ...key, tokens: ids.length, snapshots }, tensors, signal);
    for (const [other, { start }] of this.#known) {
      if (other !== path && isPart(start, ids, snapshots)) await this.#forget(other);
    }
    await evictOldest(folder, capBytes);
    return bytes;
  }

  /** Whether a file has all these tokens and snapshots. */
  #holding(ids: Int32Array, snapshots: readonly number[]): boolean {
    return [...this.#known.values()].some(({ start }) => {
      const has = new Set(start.card.snapshots);
      return commonPrefix(start.ids, ids) === ids.length && snapshots.every((position) => has.has(position));
    });
  }

  /** Brings what is known up to what lies in the folder. What is no cache of this key is deleted. */
  async #look(): Promise<void> {
    const { key, plan } = this.#options;
    const names = (await readdir(this.#path).catch(() => [])).filter((name) => name.endsWith(CACHE_SUFFIX));
    const paths = new Set(names.map((name) => join(this.#path, name)));
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
    for (const path of paths) {
      const found = await stat(path).catch(() => null);
      if (!found) continue;
      const version = `${found.size} ${found.ctimeMs}`;
      if (this.#known.get(path)?.version === version) continue;
      const start = await readCacheFileStart(path).catch(() => null);
      if (
        start &&
        start.card.model === key.model &&
        start.card.plan === key.plan &&
        isPossible(start, plan, found.size)
      ) {
        this.#known.set(path, { version, start });
      } else await this.#forget(path);
    }
  }

  async #forget(path: string): Promise<void> {
    this.#known.delete(path);
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** Whether a header, which nothing has checked yet, can be true: it says how much memory to take. */
function isPossible({ card }: CacheFileStart, plan: CachePlan, fileBytes: number): boolean {
  const { tokens, snapshots } = card;
  const aligned = [...snapshots, tokens].every((position) => position % plan.chunkTokens === 0);
  if (!aligned || tokens === 0 || rewindPoint(plan, snapshots, tokens) !== tokens) return false;
  const { farKeyBytes, farValueBytes } = planBytes(plan, tokens);
  return farKeyBytes + farValueBytes <= fileBytes;
}

function isPart({ ids, card }: CacheFileStart, whole: Int32Array, snapshots: readonly number[]): boolean {
  return commonPrefix(ids, whole) === ids.length && card.snapshots.every((position) => snapshots.includes(position));
}

/** How many tokens two texts have in common from their beginning. */
export function commonPrefix(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) if (a[at] !== b[at]) return at;
  return length;
}
