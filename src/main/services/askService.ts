import { randomUUID } from 'node:crypto';
import { type AskServices, askBook, estimateScope } from '#asking/index.ts';
import type { AppCalls } from '../../shared/contract/index.ts';
import {
  type AnswerId,
  answerId,
  chatId,
  type NumberedAnswerEvent,
  type ScopeEstimate,
} from '../../shared/domain/index.ts';
import { ReaderError, toWire } from '../../shared/errors/index.ts';
import type { EngineService } from './engineService.ts';
import { EventBatch } from './eventBatch.ts';
import type { FetchService } from './fetchService.ts';

export interface AskServiceOptions {
  readonly services: Omit<AskServices, 'restartEngine'>;
  readonly engine: EngineService;
  readonly fetches: FetchService;
  readonly wantedModel: () => Parameters<FetchService['fetch']>[0];
  readonly tell: (events: readonly NumberedAnswerEvent[]) => void;
}

/** Runs the answers of the window: started by a call, told by events, stopped by another call. */
export class AskService {
  readonly #options: AskServiceOptions;
  readonly #running = new Map<AnswerId, AbortController>();

  constructor(options: AskServiceOptions) {
    this.#options = options;
  }

  async estimate({ book, scope, amount }: AppCalls['ask.estimate']['in']): Promise<ScopeEstimate> {
    const { services, engine } = this.#options;
    const { contextTokens } = await engine.ready();
    return estimateScope(services, { book, scope, amount, contextTokens }, new AbortController().signal);
  }

  /** @throws {InputError} `input/unknownBook` when the book is not open */
  start(request: AppCalls['ask.start']['in']): AppCalls['ask.start']['out'] {
    this.#options.services.shelf.info(request.book);
    const id = answerId(randomUUID());
    const chat = request.chat ?? chatId(randomUUID());
    void this.#answer(id, { ...request, chat });
    return { answerId: id, chat };
  }

  stop(id: AnswerId): void {
    this.#running.get(id)?.abort();
  }

  dispose(): void {
    for (const controller of this.#running.values()) controller.abort();
  }

  async #answer(id: AnswerId, request: AppCalls['ask.start']['in']): Promise<void> {
    const { services, engine, tell } = this.#options;
    const { signal } = this.#begin(id);
    const batch = new EventBatch<NumberedAnswerEvent>(tell);
    try {
      const model = await this.#model();
      engine.answering(model, id);
      const restartEngine = async (): Promise<void> => {
        const again = await engine.ready();
        if (!signal.aborted) engine.answering(again, id);
      };
      await askBook(
        { ...services, restartEngine },
        { ...request, answerId: id, model },
        { signal, onEvent: (event) => batch.add(event) },
      );
    } catch (thrown) {
      // What `askBook` meets it tells itself: this is a model that could not be had.
      batch.add({ type: 'failed', error: toWire(thrown), answerId: id, sequence: 0 });
    } finally {
      batch.flush();
      this.#running.delete(id);
      engine.answered(id);
    }
  }

  #begin(id: AnswerId): AbortController {
    const controller = new AbortController();
    this.#running.set(id, controller);
    return controller;
  }

  /** The first question is the first need of a model: one that is not here yet is fetched for it. */
  async #model(): ReturnType<EngineService['ready']> {
    const { engine, fetches, wantedModel } = this.#options;
    try {
      return await engine.ready();
    } catch (thrown) {
      if (!(thrown instanceof ReaderError) || thrown.code !== 'model/notFound') throw thrown;
      await fetches.fetch(wantedModel());
      return engine.ready();
    }
  }
}
