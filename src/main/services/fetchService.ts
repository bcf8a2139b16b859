import type { ModelStore } from '#models/index.ts';
import type { FetchProgress } from '../../shared/contract/index.ts';
import type { ModelCard, ModelId } from '../../shared/domain/index.ts';

interface RunningFetch {
  readonly controller: AbortController;
  readonly card: Promise<ModelCard>;
}

/** Fetches model files, each at most once at a time, with progress for the window. */
export class FetchService {
  readonly #models: ModelStore;
  readonly #tell: (progress: FetchProgress) => void;
  readonly #running = new Map<ModelId, RunningFetch>();

  constructor(models: ModelStore, tell: (progress: FetchProgress) => void) {
    this.#models = models;
    this.#tell = tell;
  }

  /** Fetches a model, or joins the fetch that runs. @throws {ModelFileError} `model/allSourcesFailed`, `model/unknownName` */
  fetch(model: ModelId): Promise<ModelCard> {
    const running = this.#running.get(model);
    if (running) return running.card;
    const controller = new AbortController();
    const card = this.#models
      .fetch(model, {
        signal: controller.signal,
        onProgress: (progress) => this.#tell({ model, ...progress }),
      })
      .finally(() => this.#running.delete(model));
    this.#running.set(model, { controller, card });
    return card;
  }

  /** Stops a fetch; what has arrived is kept where the source can go on from it. */
  cancel(model: ModelId): void {
    this.#running.get(model)?.controller.abort();
  }

  dispose(): void {
    for (const { controller } of this.#running.values()) controller.abort();
  }
}
