import { createHash } from 'node:crypto';
import type { AskServices } from '../../src/asking/index.ts';
import type { LoadRequest } from '../../src/shared/contract/index.ts';
import type { BookInfo } from '../../src/shared/domain/index.ts';
import { holdTalk, MAX_TALK_ANSWER_TOKENS } from './holdTalk.ts';
import type { Talk } from './talk.ts';
import type { TalkResult, TalkStore, TalkTurn } from './talkStore.ts';

/** To be raised when prompts, search or scoring change, so that no older answer is taken for a new one. */
const TALKS_VERSION = 2;

/** The model under one policy. */
export interface TalkModel {
  /** What the engine is told. */
  readonly load: LoadRequest;
  /** Of the model file and of the plan that the engine will choose. */
  readonly digest: string;
}

export interface TalkRunOptions {
  readonly services: AskServices;
  /** Its name in results. */
  readonly modelName: string;
  readonly models: readonly TalkModel[];
  readonly talks: readonly Talk[];
  readonly store: TalkStore;
  readonly signal: AbortSignal;
  /** Told after each question; counts those that were not answered before. */
  readonly onProgress?: (doneQuestions: number, totalQuestions: number) => void | Promise<void>;
  readonly onTurn?: (result: Pick<TalkResult, 'policy' | 'document'>, turn: TalkTurn) => void;
}

/** One conversation under one policy. */
interface Work {
  readonly model: TalkModel;
  readonly talk: Talk;
  readonly info: BookInfo;
  readonly key: string;
}

/**
 * Holds the conversations that are not in the store yet, and puts each there when it has ended. Stopped at any time it
 * goes on from there; a conversation that was cut begins again, for its turns lean on each other.
 */
export class TalkRun {
  readonly #options: TalkRunOptions;
  readonly #works: readonly Work[];

  private constructor(options: TalkRunOptions, works: readonly Work[]) {
    this.#options = options;
    this.#works = works;
  }

  /** Opens the documents. @throws {DocumentError} `document/*` for one that cannot be read */
  static async open(options: TalkRunOptions): Promise<TalkRun> {
    const works: Work[] = [];
    for (const talk of options.talks) {
      const { info } = await options.services.shelf.open(talk.path, { signal: options.signal });
      for (const model of options.models) works.push({ model, talk, info, key: keyOf(model, talk, info) });
    }
    return new TalkRun(options, works);
  }

  /** All conversations of this run that are in the store, by documents. */
  results(): TalkResult[] {
    return this.#works.flatMap(({ key }) => this.#options.store.get(key) ?? []);
  }

  /** @throws whatever the signal aborts with; what ended before is in the store */
  async run(): Promise<void> {
    const { services, signal, store, models, modelName, onProgress, onTurn } = this.#options;
    const missing = this.#works.filter(({ key }) => store.get(key) === undefined);
    const totalQuestions = missing.reduce((sum, { talk }) => sum + talk.questions.length, 0);
    let doneQuestions = 0;
    for (const model of models) {
      const works = missing.filter((work) => work.model === model);
      if (works.length === 0) continue;
      signal.throwIfAborted();
      const loaded = await services.engine.call('load', model.load, { signal });
      const { policy } = model.load;
      for (const { talk, info, key } of works) {
        const { document, amount, part } = talk;
        const turns = await holdTalk(services, talk, info, loaded, {
          signal,
          onTurn: async (turn) => {
            onTurn?.({ policy, document }, turn);
            doneQuestions += 1;
            await onProgress?.(doneQuestions, totalQuestions);
          },
        });
        const date = new Date().toISOString().slice(0, 10);
        const read = { document, title: info.title, amount, ...(part && { part: part.title }) };
        store.add({ key, date, model: modelName, policy, ...read, turns });
      }
    }
  }
}

/** Names a conversation by all that its answers depend on, but the code: that is what the version is for. */
function keyOf({ digest, load }: TalkModel, { questions, amount, part }: Talk, { id }: BookInfo): string {
  const what = { TALKS_VERSION, MAX_TALK_ANSWER_TOKENS, digest, policy: load.policy, id, questions, amount, part };
  return createHash('sha256').update(JSON.stringify(what)).digest('hex').slice(0, 24);
}
