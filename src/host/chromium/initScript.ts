import { readFileSync } from 'node:fs';

/** Names that the host puts into pages; they mean nothing to anyone else. */
export const INVOKE_BINDING = '__proximaInvoke';
export const DELIVER = '__proximaDeliver';

/**
 * The script that runs before any page's own: it evaluates the built preload with the two
 * Electron parts a sandboxed preload has, in the top frame of the app's origin and nowhere
 * else. Whoever runs in another frame finds the binding gone; that the host checks the
 * sender of every call does not depend on it.
 *
 * @param preloadPath the same CommonJS bundle that Electron loads
 */
export function initScript(preloadPath: string, origin: string): string {
  const preload = readFileSync(preloadPath, 'utf8');
  return `(() => {
  const invoke = globalThis.${INVOKE_BINDING};
  delete globalThis.${INVOKE_BINDING};
  if (window !== window.top || location.origin !== ${JSON.stringify(origin)} || !invoke) return;
  const listeners = new Map();
  Object.defineProperty(globalThis, '${DELIVER}', {
    value: (channel, args) => {
      for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...args);
    },
  });
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name, api) =>
        Object.defineProperty(globalThis, name, { value: Object.freeze(api), enumerable: true }),
    },
    ipcRenderer: {
      invoke: (channel, ...args) => invoke(channel, args),
      on: (channel, listener) => listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
      removeListener: (channel, listener) => listeners.get(channel)?.delete(listener),
    },
    // A page of a browser cannot learn where a dropped file lies.
    webUtils: { getPathForFile: () => '' },
  };
  const module = { exports: {} };
  ((require, module, exports) => {
${preload}
  })((name) => {
    if (name !== 'electron') throw new Error('A sandboxed preload has no module "' + name + '".');
    return electron;
  }, module, module.exports);
})();`;
}
