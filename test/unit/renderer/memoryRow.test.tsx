// @vitest-environment happy-dom
import { act } from 'react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createStores } from '../../../src/renderer/app/createStores.ts';
import type { Stores } from '../../../src/renderer/app/stores.ts';
import { StoresContext } from '../../../src/renderer/app/storesContext.ts';
import { createBridge } from '../../../src/renderer/bridge/bridge.ts';
import { MemoryRow } from '../../../src/renderer/features/settings/MemoryRow.tsx';
import type { AppState, EngineState } from '../../../src/shared/contract/index.ts';
import { type LoadedModel, modelId } from '../../../src/shared/domain/index.ts';
import { FakeBridge } from '../../fakes/fakeBridge.ts';
import { sampleApp } from '../../fakes/sampleApp.ts';
import { sampleCard, sampleModel } from '../../fakes/sampleBook.ts';
import { sampleFidelity } from '../../fakes/sampleFidelity.ts';
import { renderedInto, settled } from '../../fixtures/renderedInto.ts';

const place = renderedInto();
let fake: FakeBridge;
let stores: Stores;
const chosen = vi.fn();

beforeEach(() => {
  chosen.mockReset();
});

async function show(app: Partial<AppState> = {}): Promise<void> {
  fake = new FakeBridge({ 'app.saveSettings': (change) => ({ ...sampleApp.settings, ...change }) });
  stores = createStores(createBridge(fake), { ...sampleApp, fidelity: [sampleFidelity], ...app }, () =>
    Promise.reject(new Error('There is no map here.')),
  );
  await place.render(
    <StoresContext value={stores}>
      <MemoryRow onChoose={chosen} />
    </StoresContext>,
  );
}

const ready = (change: Partial<LoadedModel>): EngineState => ({ state: 'ready', model: { ...sampleModel, ...change } });
const become = (engine: EngineState): Promise<void> => settled(() => fake.emit('engine', engine));
const input = (policy: string): HTMLInputElement => place.host.querySelector(`input[value="${policy}"]`)!;
const textOf = (id: string | null): string => place.host.querySelector(`[id="${id}"]`)!.textContent.trim();
const describing = (policy: string): string => textOf(input(policy).getAttribute('aria-describedby'));
const text = (): string => place.host.textContent;

describe('the ways of keeping the memory of a book', () => {
  it('have names, one of them the default, and the one that is set is chosen', async () => {
    await show();
    const inputs = [...place.host.querySelectorAll('input')];
    expect(inputs.map((each) => textOf(each.getAttribute('aria-labelledby')))).toEqual([
      'Closest',
      'Balanced default',
      'Smallest',
      'Uncompressed',
    ]);
    expect(inputs.filter(({ checked }) => checked).map(({ value }) => value)).toEqual(['pod']);
    await settled(() => input('pod+int4').click());
    expect(chosen.mock.calls).toEqual([['pod+int4']]);
  });

  it('show each its own figures, and the day and the terms below', async () => {
    await show();
    expect(describing('pod')).toContain('71% of the memory of an ordinary cache at 4,096 tokens');
    expect(describing('pod+select')).toContain('Half the memory of an ordinary cache at 4,096 tokens');
    expect(describing('pod+int4')).toContain('36% of the memory of an ordinary cache at 4,096 tokens');
    expect(describing('dense')).toContain('Twice the memory of an ordinary cache at 4,096 tokens; nothing is lost.');
    expect(text()).toContain('on 28 November 2026');
    expect(text()).not.toContain('npm run');
  });
});

describe('a model that was not measured', () => {
  it.each([
    ['file', { fingerprint: 'cd'.repeat(32) }],
    ['plan', { planIds: { 'pod+select': 'x', pod: 'y', 'pod+int4': 'z' } }],
  ])('under its %s has no figures, and is told how it is measured', async (_, change) => {
    await show({ engine: ready(change) });
    expect(text()).not.toContain('ordinary cache');
    expect(text()).toContain('Nothing was measured for this model under its plans.');
    expect(place.host.querySelector('code')!.textContent).toBe(
      'npm run eval -- --model "/models/qwen.gguf" --task prose --task copy --book NOVEL.epub --publish',
    );
  });

  it('in part is told so where the figures are missing', async () => {
    await show({ engine: ready({ planIds: { ...sampleModel.planIds, 'pod+int4': 'another' } }) });
    expect(describing('pod+int4')).toContain('Not measured.');
    expect(describing('pod')).toContain('71%');
    expect(text()).toContain('Not all was measured');
    expect(place.host.querySelector('code')!.textContent).toContain('npm run eval');
  });

  it('and has no plan is told how one is made', async () => {
    const planIds = { 'pod+select': 'dense', pod: 'dense', 'pod+int4': 'dense', dense: 'dense' };
    await show({ engine: ready({ fingerprint: 'cd'.repeat(32), planIds }) });
    expect(text()).toContain('This model has no sharing plan');
    expect(place.host.querySelector('code')!.textContent).toBe(
      'npm run -s proxima -- explore --model "/models/qwen.gguf" --text BOOK',
    );
  });
});

describe('figures while a model is loaded', () => {
  it('are told later when none was there', async () => {
    await show({ engine: { state: 'loading', share: 0.4 } });
    expect(text()).toContain('once the model is loaded');
    await become(ready({}));
    expect(describing('pod')).toContain('71%');
  });

  it('stay when it is the same model under another choice, and go when it cannot be loaded', async () => {
    await show();
    await become({ state: 'loading', share: 0.1 });
    expect(describing('pod')).toContain('71%');
    await become({ state: 'noModel', wanted: sampleCard });
    expect(describing('pod')).not.toContain('71%');
  });

  it('go at once when another model is wanted', async () => {
    await show();
    await act(() => stores.settings.getState().save({ model: modelId('other') }));
    expect(describing('pod')).not.toContain('71%');
    await become({ state: 'loading', share: 0.1 });
    expect(describing('pod')).not.toContain('71%');
    await become(ready({ fingerprint: 'cd'.repeat(32) }));
    expect(text()).toContain('Nothing was measured for this model');
  });
});
