/** The public door of cache files: texts that were read once, kept for the next start. */
export type { CacheKey } from './cacheFileHeader.ts';
export { CacheFolder, type FoundCache } from './cacheFolder.ts';
export { commonPrefix } from './commonPrefix.ts';
export { planDigest } from './planDigest.ts';
