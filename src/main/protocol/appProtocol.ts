import { csp } from '../security/csp.ts';
import type { BulkSource } from './bulkSource.ts';
import { mediaType } from './mediaTypes.ts';
import { resolveAppUrl } from './resolveAppUrl.ts';
import { serveBulk } from './serveBulk.ts';
import { serveFile } from './serveFile.ts';

export interface AppProtocolOptions {
  /** `app://proxima` in Electron, `https://proxima.invalid` on the Chromium host. */
  readonly origin: string;
  /** The build's output folder. */
  readonly outDir: string;
  readonly bulk: BulkSource;
}

/** Makes the handler that answers every request to the app's origin. */
export function appProtocol({ origin, outDir, bulk }: AppProtocolOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const headers = new Headers(guardHeaders);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response('Only reading is offered here.', { status: 405, headers });
    }
    const target = resolveAppUrl(request.url, origin, outDir);
    switch (target?.kind) {
      case undefined:
        return new Response('Not found.', { status: 404, headers });
      case 'page':
        headers.set('Content-Type', 'text/html; charset=utf-8');
        headers.set('Content-Security-Policy', csp(target.page, origin));
        return await serveFile(target.path, request, headers);
      case 'asset':
        headers.set('Content-Type', mediaType(target.path));
        return await serveFile(target.path, request, headers);
      case 'bulk':
        return await serveBulk(target.request, bulk, request, headers);
      default:
        return target satisfies never;
    }
  };
}

/**
 * Sent with everything. A book frame's origin is `null`, so it reads across origins: what is
 * served here is readable by whoever is let in, and only the app's own pages are.
 */
const guardHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Accept-Ranges, Content-Length, Content-Range',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};
