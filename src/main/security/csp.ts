import { appUrls } from '../../shared/contract/index.ts';

/** The two kinds of page Proxima serves. */
export type PageKind = 'window' | 'frame';

/**
 * Content security policy of a page, sent as a header with every one of its responses.
 *
 * Sources are spelled out with the origin in place of `'self'`, because a book frame has an
 * opaque origin. Nothing may be fetched from anywhere else, so a book cannot call home.
 */
export function csp(kind: PageKind, origin: string): string {
  const directives = kind === 'window' ? windowDirectives(origin) : frameDirectives(origin);
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}

type Directives = Readonly<Record<string, readonly string[]>>;

const nothing = ["'none'"];

function windowDirectives(origin: string): Directives {
  return {
    'default-src': nothing,
    'script-src': [appUrls.assets(origin)],
    'style-src': [appUrls.assets(origin)],
    'img-src': [appUrls.assets(origin), appUrls.bulk(origin), 'blob:', 'data:'],
    'font-src': [appUrls.assets(origin)],
    'connect-src': [appUrls.bulk(origin)],
    'worker-src': [appUrls.assets(origin)],
    'frame-src': [appUrls.frame(origin)],
    'object-src': nothing,
    'base-uri': nothing,
    'form-action': nothing,
    'frame-ancestors': nothing,
  };
}

function frameDirectives(origin: string): Directives {
  return {
    'default-src': nothing,
    // PDF.js decodes JPEG 2000, JBIG2 and colour profiles in WebAssembly.
    'script-src': [appUrls.assets(origin), appUrls.frameAssets(origin), "'wasm-unsafe-eval'"],
    'style-src': [appUrls.assets(origin)],
    'img-src': [appUrls.bulk(origin), 'blob:', 'data:'],
    // A PDF that embeds none of its fonts is drawn with those that come with PDF.js.
    'font-src': [appUrls.bulk(origin), appUrls.frameAssets(origin), 'blob:', 'data:'],
    'connect-src': [appUrls.bulk(origin), appUrls.frameAssets(origin)],
    // The PDF.js worker is started from a blob: see scripts/pdfAssetsPlugin.ts.
    'worker-src': ['blob:'],
    'frame-src': nothing,
    'object-src': nothing,
    'base-uri': nothing,
    'form-action': nothing,
    'frame-ancestors': [origin],
    // The page is sandboxed by itself, also where something opens it outside its iframe.
    sandbox: ['allow-scripts'],
  };
}
