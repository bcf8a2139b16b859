import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { build } from 'vite';
import { csp } from '#main/security/csp.ts';
import { encodeMapTile, parseBulkUrl } from '#shared/contract/index.ts';
import { sampleTile } from '../fakes/sampleMap.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Builds the gallery as the product is built, and serves it by interception under the product's own policy. */
export class GalleryServer {
  readonly origin = 'https://proxima.invalid';
  readonly #folder = mkdtempSync(join(tmpdir(), 'proxima-gallery-'));

  async build(): Promise<void> {
    const root = join(import.meta.dirname, '../gallery');
    await build({
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'error',
      build: {
        outDir: this.#folder,
        emptyOutDir: true,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: { window: join(root, 'index.html'), frame: join(root, 'frame/index.html') } },
      },
    });
  }

  async attach(context: BrowserContext): Promise<void> {
    await context.route(`${this.origin}/**`, async (route) => {
      const url = new URL(route.request().url());
      const headers = { 'access-control-allow-origin': '*' };
      const bulk = parseBulkUrl(url);
      if (bulk?.kind === 'mapTile') {
        const { answerToken, distantColumns } = bulk.request;
        await route.fulfill({ headers, body: Buffer.from(encodeMapTile(sampleTile(answerToken, distantColumns))) });
        return;
      }
      const path = url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname;
      const kind = path.startsWith('/frame/') ? 'frame' : 'window';
      await route.fulfill({
        headers: { ...headers, 'content-security-policy': csp(kind, this.origin) },
        contentType: MEDIA_TYPES[extname(path)] ?? 'application/octet-stream',
        body: readFileSync(join(this.#folder, path)),
      });
    });
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
