import { expect, it } from 'vitest';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { createEngineStore } from '../../../src/renderer/features/models/engineStore.ts';
import type { ModelId } from '../../../src/shared/domain/index.ts';
import { CallError, ModelFileError } from '../../../src/shared/errors/index.ts';
import { type Answers, FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleCard } from '../../fakes/sampleBook.ts';

function make(answers: Answers) {
  const chosen: ModelId[] = [];
  const fake = new FakeBridge({ 'models.list': () => [sampleCard], 'engine.load': () => null, ...answers });
  const store = createEngineStore(createBridge(fake), { state: 'noModel', wanted: sampleCard }, (model) => {
    chosen.push(model);
    return Promise.resolve();
  });
  return { fake, store, chosen };
}

it('fetches a model, chooses it and loads it', async () => {
  const { fake, store, chosen } = make({ 'models.fetch': () => ({ ...sampleCard, path: '/m.gguf' }) });
  await store.getState().fetchModel(sampleCard);
  expect(chosen).toEqual([sampleCard.id]);
  expect(fake.inputsOf('engine.load')).toHaveLength(1);
  expect(store.getState().fetching).toBeNull();
});

it('shows progress while it fetches, and none once it was stopped', async () => {
  let fail: (error: Error) => void = () => undefined;
  const { fake, store } = make({
    'models.fetch': () =>
      new Promise((_, reject) => {
        fail = reject;
      }),
    'models.cancelFetch': () => null,
  });
  const fetching = store.getState().fetchModel(sampleCard);
  const report = { model: sampleCard.id, source: 's', doneBytes: 5, totalBytes: 10, remainingMs: 100 };
  fake.emit('modelFetch', report);
  expect(store.getState().fetching).toEqual(report);
  await store.getState().cancelFetch();
  expect(fake.inputsOf('models.cancelFetch')).toEqual([{ model: sampleCard.id }]);
  fail(new CallError('call/cancelled', 'Stopped.', { advice: 'Start again.' }));
  await fetching;
  fake.emit('modelFetch', report);
  expect(store.getState()).toMatchObject({ fetching: null, error: null });
});

it('says why no source worked, and chooses nothing', async () => {
  const { store, chosen } = make({
    'models.fetch': () => {
      throw new ModelFileError('model/allSourcesFailed', 'No source answered.', { advice: 'Give a path.' });
    },
  });
  await store.getState().fetchModel(sampleCard);
  expect(store.getState().error).toMatchObject({ code: 'model/allSourcesFailed', advice: 'Give a path.' });
  expect(chosen).toEqual([]);
});

it('follows the engine until it is disposed', () => {
  const { fake, store } = make({});
  fake.emit('engine', { state: 'loading', share: 0.5 });
  expect(store.getState().engine).toEqual({ state: 'loading', share: 0.5 });
  store.getState().dispose();
  expect(fake.listening('engine') + fake.listening('modelFetch')).toBe(0);
});
