/**
 * Whether a download may begin. The window saves pictures that it has drawn itself, from a
 * `blob:` of its own origin; a book frame's blobs have the origin `null`.
 */
export function decideDownload(target: string, origin: string): boolean {
  return target.startsWith(`blob:${origin}/`);
}
