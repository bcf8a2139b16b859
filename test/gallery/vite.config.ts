import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { encodeMapTile } from '../../src/shared/contract/index.ts';
import { sampleTile } from '../fakes/sampleMap.ts';

/** Serves map tiles as the app's own protocol does, and lets the opaque frame load its script. */
const bulk: Plugin = {
  name: 'gallery-bulk',
  configureServer(server) {
    server.middlewares.use((request, response, next) => {
      const match = /^\/bulk\/answers\/\w+\/map\/(\d+)\?columns=(\d+)/.exec(request.url ?? '');
      if (!match) {
        next();
        return;
      }
      response.end(encodeMapTile(sampleTile(Number(match[1]), Number(match[2]))));
    });
  },
};

/** The window with a fake main process, for looking at every state: `vite test/gallery`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), bulk],
  server: { port: 5199, cors: true, fs: { allow: ['../..'] } },
});
