// @vitest-environment happy-dom
import { Tooltip } from 'radix-ui';
import { expect, it } from 'vitest';
import { createStores } from '../../../src/renderer/app/createStores.ts';
import { StoresContext } from '../../../src/renderer/app/storesContext.ts';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { SettingsDialog } from '../../../src/renderer/features/settings/SettingsDialog.tsx';
import type { AppState } from '../../../src/shared/contract/index.ts';
import { EngineError } from '../../../src/shared/errors/index.ts';
import { type Answers, FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleApp } from '../../fakes/sampleApp.ts';
import { sampleModel } from '../../fakes/sampleBook.ts';
import { renderedInto, settled } from '../../fixtures/renderedInto.ts';

const place = renderedInto();
let fake: FakeBridge;

async function show(answers: Answers = {}, app: AppState = sampleApp): Promise<void> {
  fake = new FakeBridge({
    'app.saveSettings': (change) => ({ ...sampleApp.settings, ...change }),
    'engine.load': () => null,
    'engine.devices': () => ['cpu', 'webgpu'],
    ...answers,
  });
  const stores = createStores(createBridge(fake), app, () => Promise.reject(new Error('There is no map here.')));
  await place.render(
    <StoresContext value={stores}>
      <Tooltip.Provider>
        <SettingsDialog />
      </Tooltip.Provider>
    </StoresContext>,
  );
}

const offered = (): string[] =>
  [...place.host.querySelectorAll<HTMLInputElement>('[aria-label="Device"] input')].map(({ value }) => value);
const device = (value: string): HTMLInputElement =>
  place.host.querySelector<HTMLInputElement>(`[aria-label="Device"] input[value="${value}"]`)!;
const choose = (value: string): Promise<void> => settled(() => device(value).click());

it('shows the chosen device and what came of it', async () => {
  await show();
  expect(offered().filter((name) => device(name).checked)).toEqual(['cpu']);
  expect(place.host.textContent).toContain(sampleModel.deviceReason);
});

it('offers what this machine has, by name', async () => {
  await show();
  expect(offered()).toEqual(['auto', 'cpu', 'webgpu']);
  await place.render(null);
  await show({ 'engine.devices': () => ['cpu', 'directml', 'webgpu'] });
  expect(offered()).toEqual(['auto', 'cpu', 'directml', 'webgpu']);
  expect(place.host.querySelector('[aria-label="Device"]')!.textContent).toBe('AutomaticProcessorDirectMLWebGPU');
});

it('goes on offering a choice that this machine has no more', async () => {
  await show(
    { 'engine.devices': () => ['cpu'] },
    { ...sampleApp, settings: { ...sampleApp.settings, device: 'webgpu' } },
  );
  expect(offered()).toEqual(['auto', 'cpu', 'webgpu']);
  expect(device('webgpu').checked).toBe(true);
});

it('saves another choice, then loads the model again', async () => {
  await show();
  await choose('webgpu');
  expect(fake.calls).toEqual([
    { name: 'engine.devices', input: null },
    { name: 'app.saveSettings', input: { device: 'webgpu' } },
    { name: 'engine.load', input: null },
  ]);
  expect(device('webgpu').checked).toBe(true);
  expect(place.host.textContent).toContain('Experimental');
});

it('goes back to the old choice when the new one cannot be saved', async () => {
  await show({
    'app.saveSettings': () => {
      throw new EngineError('engine/internal', 'The disk is full.', { advice: 'Make room.' });
    },
  });
  await choose('auto');
  expect(device('cpu').checked).toBe(true);
  expect(place.host.textContent).toContain('The disk is full.');
});
