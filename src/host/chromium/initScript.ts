import { readFileSync } from 'node:fs';

/** Names that the host puts into pages; they mean nothing to anyone else. */
export const INVOKE_BINDING = '__proximaInvoke';
export const DELIVER = '__proximaDeliver';
export const RESOLVE = '__proximaResolve';

/**
 * The script that runs before any page's own: it evaluates the built preload with the three
 * Electron parts a sandboxed preload has, in the top frame of the app's origin and nowhere
 * else. The host checks the sender of every call all the same.
 *
 * @param preloadPath the same CommonJS bundle that Electron loads
 */
export function initScript(preloadPath: string, origin: string): string {
  const preload = readFileSync(preloadPath, 'utf8');
  return `(() => {
  const call = globalThis.${INVOKE_BINDING};
  delete globalThis.${INVOKE_BINDING};
  if (window !== window.top || location.origin !== ${JSON.stringify(origin)} || !call) return;
  const pending = new Map();
  const listeners = new Map();
  let nextId = 1;
  Object.defineProperties(globalThis, {
    ${RESOLVE}: {
      value: (id, outcome) => {
        const { resolve, reject } = pending.get(id) ?? {};
        pending.delete(id);
        if (outcome.error === undefined) resolve?.(outcome.value);
        else reject?.(new Error(outcome.error));
      },
    },
    ${DELIVER}: {
      value: (channel, args) => {
        for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...args);
      },
    },
  });
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name, api) =>
        Object.defineProperty(globalThis, name, { value: Object.freeze(api), enumerable: true }),
    },
    ipcRenderer: {
      invoke: (channel, ...args) =>
        new Promise((resolve, reject) => {
          const id = nextId++;
          pending.set(id, { resolve, reject });
          call(JSON.stringify({ id, channel, args }));
        }),
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
