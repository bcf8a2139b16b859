import { cp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin } from 'vite';

/** Folders of pdfjs-dist that its worker asks for while it reads a file. */
const FOLDERS = ['cmaps', 'standard_fonts', 'wasm', 'iccs'];

/**
 * Puts what PDF.js loads at run time into `frame-assets/` beside the renderer's output.
 *
 * The worker is bundled as a *classic* script: a book frame has an opaque origin, where a
 * module worker from a blob fails silently and PDF.js falls back to the frame's main thread.
 * All of it depends on the version of pdfjs-dist alone, so a stamp saves the work next time.
 */
export function pdfAssetsPlugin(): Plugin {
  let target = '';
  return {
    name: 'proxima:pdf-assets',
    apply: 'build',
    configResolved(config) {
      target = resolve(config.build.outDir, '../frame-assets');
    },
    async closeBundle() {
      const packageFile = createRequire(import.meta.url).resolve('pdfjs-dist/package.json');
      const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { readonly version: string };
      const stamp = join(target, 'pdfjs-version');
      if ((await readFile(stamp, 'utf8').catch(() => '')) === version) return;

      const source = dirname(packageFile);
      await bundleWorker(join(source, 'build/pdf.worker.min.mjs'), target);
      for (const folder of FOLDERS) await cp(join(source, folder), join(target, folder), { recursive: true });
      await writeFile(stamp, version);
    },
  };
}

async function bundleWorker(entry: string, outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    // A classic script has no `import.meta`; PDF.js uses it only to find what it is told where to find.
    define: { 'import.meta.url': '""', 'import.meta': '({})' },
    build: {
      outDir,
      emptyOutDir: false,
      minify: false,
      lib: { entry, formats: ['iife'], name: 'pdfjsWorkerScript', fileName: () => 'pdf.worker.js' },
    },
  });
}
