import type { ModelStore } from '#models/index.ts';
import type { AppSettings, EngineCalls, EngineState } from '../../shared/contract/index.ts';
import type { AnswerId, LoadedModel } from '../../shared/domain/index.ts';
import { EngineError, ReaderError, toWire } from '../../shared/errors/index.ts';
import type { Caller } from '../../shared/rpc/index.ts';

export interface EngineServiceOptions {
  readonly engine: Caller<EngineCalls>;
  readonly models: ModelStore;
  readonly settings: () => AppSettings;
  /** Where the engine keeps what it has read. */
  readonly cacheFolder: string;
  /** Where plans made on this machine lie. */
  readonly plansFolder: string;
  readonly tell: (state: EngineState) => void;
}

interface Loading {
  readonly key: string;
  readonly model: Promise<LoadedModel>;
}

/** Keeps the model a person has chosen loaded, and says how that goes. */
export class EngineService {
  readonly #options: EngineServiceOptions;
  #loading: Loading | null = null;
  #state: EngineState;

  constructor(options: EngineServiceOptions) {
    this.#options = options;
    this.#state = this.#missing() ?? { state: 'loading', share: 0 };
  }

  get state(): EngineState {
    return this.#state;
  }

  /**
   * The chosen model, loaded now if it is not. All who ask at once wait for the same load.
   * @throws {ModelFileError} `model/notFound` when its file must be fetched first, and whatever loading throws.
   */
  ready(): Promise<LoadedModel> {
    const { model, policy, device } = this.#options.settings();
    const key = [model, policy, device].join('\n');
    if (this.#loading?.key !== key) this.#loading = { key, model: this.#load(key) };
    return this.#loading.model;
  }

  /** Loads in the background; how it went is told by the state alone. */
  start(): void {
    this.ready().catch(() => undefined);
  }

  answering(model: LoadedModel, answerId: AnswerId): void {
    this.#become({ state: 'answering', model, answerId });
  }

  /** Back to ready, unless the engine has died or another model was chosen meanwhile. */
  answered(answerId: AnswerId): void {
    if (this.#state.state === 'answering' && this.#state.answerId === answerId) {
      this.#become({ state: 'ready', model: this.#state.model });
    }
  }

  /** The process is gone, and with it the model. The next call starts it anew. */
  died(code: number): void {
    this.#loading = null;
    const error = new EngineError('engine/crashed', `The engine's process ended with code ${code}.`, {
      advice: 'Ask again: it is started anew. If it stops again, ask about a smaller part of the text.',
      retryable: true,
    });
    this.#become({ state: 'failed', error: toWire(error) });
  }

  async #load(key: string): Promise<LoadedModel> {
    const { engine, models, settings, cacheFolder, plansFolder } = this.#options;
    const { model, policy, device, cacheCapBytes } = settings();
    const isCurrent = (): boolean => this.#loading?.key === key;
    // A turn of the event loop, so that `#loading` is set before anything is told.
    await Promise.resolve();
    try {
      const file = models.find(model);
      this.#become({ state: 'loading', share: 0 });
      const loaded = await engine.call(
        'load',
        {
          modelPath: file.path,
          planPath: file.planPath,
          plansFolder,
          policy,
          device,
          cacheFiles: { folder: cacheFolder, capBytes: cacheCapBytes },
        },
        { onProgress: ({ done }) => (isCurrent() ? this.#become({ state: 'loading', share: done }) : undefined) },
      );
      if (isCurrent()) this.#become({ state: 'ready', model: loaded });
      return loaded;
    } catch (thrown) {
      if (isCurrent()) {
        this.#loading = null;
        this.#become(this.#missing() ?? { state: 'failed', error: toWire(thrown) });
      }
      throw thrown;
    }
  }

  /** The state of a model whose file is not here yet. */
  #missing(): EngineState | null {
    const { models, settings } = this.#options;
    try {
      models.find(settings().model);
      return null;
    } catch (thrown) {
      const wanted = models.list().find(({ id }) => id === settings().model);
      return thrown instanceof ReaderError && thrown.code === 'model/notFound' && wanted
        ? { state: 'noModel', wanted }
        : null;
    }
  }

  #become(state: EngineState): void {
    this.#state = state;
    this.#options.tell(state);
  }
}
