import { expect, it } from 'vitest';
import { EngineService } from '#main/services/engineService.ts';
import { SettingsService } from '#main/services/settingsService.ts';
import type { ModelStore } from '#models/index.ts';
import type { EngineCalls, EngineState, LoadRequest } from '#shared/contract/index.ts';
import { modelId } from '#shared/domain/index.ts';
import type { Caller } from '#shared/rpc/index.ts';
import { sampleCard, sampleModel } from '../../../fakes/sampleBook.ts';

/** Settings that are kept in an object, and an engine that notes what it is asked to load. */
function setUp() {
  const saved: Record<string, unknown> = {};
  const library = {
    settings: { read: (name: string) => saved[name], save: (name: string, value: unknown) => (saved[name] = value) },
  };
  const settings = new SettingsService(
    library as unknown as ConstructorParameters<typeof SettingsService>[0],
    modelId('m'),
  );
  const loads: LoadRequest[] = [];
  const engine = {
    call: (_: 'load', request: LoadRequest) => {
      loads.push(request);
      return Promise.resolve({ ...sampleModel, device: request.device });
    },
  };
  const states: EngineState[] = [];
  const service = new EngineService({
    engine: engine as unknown as Caller<EngineCalls>,
    models: { find: () => ({ path: '/m.gguf', planPath: null }), list: () => [sampleCard] } as unknown as ModelStore,
    settings: () => settings.read(),
    cacheFolder: '/cache',
    plansFolder: '/plans',
    tell: (state) => states.push(state),
  });
  return { saved, settings, loads, service, states };
}

it('loads for the processor unless another device was chosen', async () => {
  const { service, loads } = setUp();
  await service.ready();
  expect(loads).toMatchObject([{ modelPath: '/m.gguf', device: 'cpu' }]);
});

it('loads anew for another device, and not for the same', async () => {
  const { settings, service, loads, states } = setUp();
  await service.ready();
  settings.save({ theme: 'dark' });
  await service.ready();
  expect(loads).toHaveLength(1);
  settings.save({ device: 'webgpu' });
  await service.ready();
  expect(loads.map(({ device }) => device)).toEqual(['cpu', 'webgpu']);
  expect(states.at(-1)).toMatchObject({ state: 'ready', model: { device: 'webgpu' } });
});

it('takes settings that were saved before there was a choice of device', () => {
  const { saved, settings } = setUp();
  saved['app'] = { theme: 'dark', policy: 'dense' };
  expect(settings.read()).toMatchObject({ theme: 'dark', policy: 'dense', device: 'cpu' });
});
