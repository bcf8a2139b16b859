import type {
  AppCallName,
  AppCalls,
  AppEventName,
  AppEvents,
  CallOutcome,
  ReaderBridge,
} from '#shared/contract/index.ts';
import { toWire } from '#shared/errors/index.ts';

type Answer<Name extends AppCallName> = (
  input: AppCalls[Name]['in'],
) => AppCalls[Name]['out'] | Promise<AppCalls[Name]['out']>;

/** What a fake main process answers; a call without an answer fails, as an unknown call does. */
export type Answers = { readonly [Name in AppCallName]?: Answer<Name> };

/** Stands in for the preload: answers calls from a script, lets a test send events, and notes what was called. */
export class FakeBridge implements ReaderBridge {
  readonly calls: { readonly name: AppCallName; readonly input: unknown }[] = [];
  answers: Answers;
  readonly #listeners = new Map<AppEventName, Set<(payload: never) => void>>();

  constructor(answers: Answers = {}) {
    this.answers = answers;
  }

  async call<Name extends AppCallName>(
    name: Name,
    input: AppCalls[Name]['in'],
  ): Promise<CallOutcome<AppCalls[Name]['out']>> {
    this.calls.push({ name, input });
    try {
      const answer = this.answers[name];
      if (!answer) throw new Error(`The fake bridge has no answer to ${name}.`);
      return { ok: true, output: await answer(input) };
    } catch (thrown) {
      return { ok: false, error: toWire(thrown) };
    }
  }

  on<Name extends AppEventName>(name: Name, listener: (payload: AppEvents[Name]) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  pathOf(): string | null {
    return null;
  }

  /** Sends an event to whoever listens. */
  emit<Name extends AppEventName>(name: Name, payload: AppEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  /** How many listeners an event has, so that a test can see them given back. */
  listening(name: AppEventName): number {
    return this.#listeners.get(name)?.size ?? 0;
  }

  /** Inputs of all calls of one name so far. */
  inputsOf<Name extends AppCallName>(name: Name): readonly AppCalls[Name]['in'][] {
    return this.calls.filter((call) => call.name === name).map((call) => call.input as AppCalls[Name]['in']);
  }
}
