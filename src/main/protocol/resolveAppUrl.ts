import { join, normalize, sep } from 'node:path';
import { appUrls, type BulkRequest, parseBulkUrl } from '../../shared/contract/index.ts';
import type { PageKind } from '../security/csp.ts';

/** What an address of the app's origin stands for. */
export type AppTarget =
  | { readonly kind: 'page'; readonly page: PageKind; readonly path: string }
  | { readonly kind: 'asset'; readonly path: string }
  | { readonly kind: 'bulk'; readonly request: BulkRequest };

/**
 * Finds what an address of the app's origin stands for; null when nothing is served there.
 * Pages and assets come from `outDir` (the build's output) and from nowhere else, whatever
 * an address spells.
 */
export function resolveAppUrl(address: string, origin: string, outDir: string): AppTarget | null {
  if (!address.startsWith(`${origin}/`) || !URL.canParse(address)) return null;
  const url = new URL(address);
  const plain = `${origin}${url.pathname}`;
  const renderer = join(outDir, 'renderer');
  if (plain === appUrls.window(origin))
    return { kind: 'page', page: 'window', path: join(renderer, 'renderer/index.html') };
  if (plain === appUrls.frame(origin)) return { kind: 'page', page: 'frame', path: join(renderer, 'frame/frame.html') };
  if (plain.startsWith(appUrls.assets(origin))) return asset(join(renderer, 'assets'), plain, appUrls.assets(origin));
  if (plain.startsWith(appUrls.frameAssets(origin))) {
    return asset(join(outDir, 'frame-assets'), plain, appUrls.frameAssets(origin));
  }
  const request = plain.startsWith(appUrls.bulk(origin)) ? readBulk(url) : null;
  return request && { kind: 'bulk', request };
}

function asset(root: string, address: string, base: string): AppTarget | null {
  const name = decoded(address.slice(base.length));
  if (!name || name.includes('\0') || name.includes('\\')) return null;
  const path = normalize(join(root, name));
  return path.startsWith(root + sep) ? { kind: 'asset', path } : null;
}

function readBulk(url: URL): BulkRequest | null {
  // `parseBulkUrl` decodes each part, which a broken escape makes impossible.
  return decoded(url.pathname) === null ? null : parseBulkUrl(url);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
