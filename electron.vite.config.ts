import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { pdfAssetsPlugin } from './scripts/pdfAssetsPlugin.ts';

/**
 * One build for both hosts. Packages stay outside the main bundle (electron-vite's default),
 * because onnxruntime-node is native and pdfjs-dist finds its parts beside itself.
 */
export default defineConfig({
  main: {
    build: {
      rolldownOptions: {
        input: {
          // `index` is what Electron runs; the Chromium host starts at `startApp` with its own parts.
          index: 'src/main/index.ts',
          startApp: 'src/main/startApp.ts',
          engine: 'src/engine/process.ts',
          documents: 'src/documents/process.ts',
        },
        // One flat folder, so that a path relative to the file means the same in every bundle.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload can require nothing but Electron: all of it is one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: 'src/preload/preload.ts',
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  },
  renderer: {
    root: 'src',
    base: '/',
    plugins: [react(), pdfAssetsPlugin()],
    build: {
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { window: 'src/renderer/index.html', frame: 'src/frame/frame.html' } },
    },
  },
});
