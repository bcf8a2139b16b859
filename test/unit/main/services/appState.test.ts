import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { appHandlers } from '#main/services/appHandlers.ts';
import { type AppServices, openAppServices } from '#main/services/appServices.ts';
import { sampleFidelity } from '../../../fakes/sampleFidelity.ts';

const made = { book: 'novel.epub', budget: 'quick' };
let home = '';
let services: AppServices | null = null;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'proxima-state-'));
  vi.stubEnv('PROXIMA_HOME', home);
  vi.spyOn(process, 'emitWarning').mockReturnValue();
  for (const folder of ['home', 'resources'])
    mkdirSync(join(home, folder === 'home' ? '' : folder, 'fidelity'), { recursive: true });
  writeFileSync(join(home, 'resources', 'models.json'), JSON.stringify({ models: [] }));
});
afterEach(async () => {
  await services?.dispose();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(home, { recursive: true, force: true });
});

async function state() {
  services = await openAppServices({
    utilityProcess: {
      fork: () => {
        throw new Error('Nothing is started here.');
      },
    },
    outDir: 'out',
    resourcesDir: join(home, 'resources'),
    tell: () => undefined,
  });
  const about = { version: '0', host: 'chromium', hostReason: '', origin: 'app://proxima' };
  const handlers = appHandlers({
    services,
    dialog: { showOpenDialog: () => Promise.reject(new Error('Nobody asks.')) },
    resourcesDir: join(home, 'resources'),
    about,
    onPageReady: () => undefined,
  });
  return handlers['app.state'](null);
}

it('hands the window what was measured on this machine and what ships', async () => {
  const own = { ...sampleFidelity, model: { name: 'own.gguf', fingerprint: 'cd'.repeat(32) } };
  writeFileSync(join(home, 'fidelity', 'own.json'), JSON.stringify({ made, ...own }));
  writeFileSync(join(home, 'resources', 'fidelity', 'default.json'), JSON.stringify({ made, ...sampleFidelity }));
  expect((await state()).fidelity).toEqual([own, sampleFidelity]);
});

it('starts with no figures where their files are damaged', async () => {
  writeFileSync(join(home, 'resources', 'fidelity', 'default.json'), '{ "model": ');
  expect((await state()).fidelity).toEqual([]);
});
