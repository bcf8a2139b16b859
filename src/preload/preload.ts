import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  type AppEvents,
  appCallNames,
  appEventNames,
  CALL_CHANNEL,
  EVENT_CHANNEL,
  type ReaderBridge,
} from '../shared/contract/index.ts';
import { CallError, toWire } from '../shared/errors/index.ts';

/**
 * All that a page can reach: `window.reader`, which is exactly `ReaderBridge`. Names are
 * checked here, so no other channel of Electron's can be addressed, and listeners never see
 * Electron's event object.
 */
const calls: ReadonlySet<string> = new Set(appCallNames);
const events: ReadonlySet<string> = new Set(appEventNames);

const reader: ReaderBridge = {
  call: (name, input) =>
    calls.has(name)
      ? (ipcRenderer.invoke(CALL_CHANNEL, name, input) as ReturnType<typeof reader.call<typeof name>>)
      : Promise.resolve({ ok: false, error: toWire(unknownName('call', name)) }),

  on: (name, listener) => {
    if (!events.has(name)) throw unknownName('event', name);
    const receive = (_event: unknown, sent: string, payload: AppEvents[typeof name]): void => {
      if (sent === name) listener(payload);
    };
    ipcRenderer.on(EVENT_CHANNEL, receive);
    return () => void ipcRenderer.removeListener(EVENT_CHANNEL, receive);
  },

  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) || null : null),
};

contextBridge.exposeInMainWorld('reader', reader);

function unknownName(kind: 'call' | 'event', name: string): CallError {
  return new CallError('call/unknown', `No ${kind} is named "${name}".`, {
    advice: 'Restart Proxima: its parts are of different versions.',
  });
}
