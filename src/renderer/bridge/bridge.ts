import type { AppCallName, AppCalls, AppEventName, AppEvents, ReaderBridge } from '#shared/contract/index.ts';
import { fromWire } from '#shared/errors/index.ts';

/** What the stores see of the main process: calls that throw, events, and where a dropped file lies. */
export interface Bridge {
  /** @throws {ReaderError} what the main process answered, with its class, code and advice. */
  call<Name extends AppCallName>(name: Name, input: AppCalls[Name]['in']): Promise<AppCalls[Name]['out']>;
  /** Returns a function that ends the subscription. */
  on<Name extends AppEventName>(name: Name, listener: (payload: AppEvents[Name]) => void): () => void;
  /** The path of a dropped file, or null where the host cannot tell. */
  pathOf(file: File): string | null;
}

/** Turns the preload's outcomes into results and typed errors. The only user of `window.reader` is `main.tsx`, through this. */
export function createBridge(reader: ReaderBridge): Bridge {
  return {
    async call(name, input) {
      const outcome = await reader.call(name, input);
      if (!outcome.ok) throw fromWire(outcome.error);
      return outcome.output;
    },
    on: (name, listener) => reader.on(name, listener),
    pathOf: (file) => reader.pathOf(file),
  };
}
