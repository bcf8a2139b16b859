import type { AppState } from '#shared/contract/index.ts';
import { modelId } from '#shared/domain/index.ts';
import { sampleModel } from './sampleBook.ts';

/** An app that has a model loaded. */
export const sampleApp: AppState = {
  version: '0',
  host: 'chromium',
  hostReason: '',
  origin: 'https://proxima.invalid',
  settings: {
    theme: 'light',
    model: modelId('m'),
    policy: 'pod',
    device: 'cpu',
    panels: { outline: true, chat: true },
    cacheCapBytes: 0,
    textSizePx: 18,
  },
  engine: { state: 'ready', model: sampleModel },
  fidelity: [],
};
