import type { Library } from '#library/index.ts';
import { type AppSettings, DEFAULT_CACHE_CAP_BYTES } from '../../shared/contract/index.ts';
import { defaultPolicy, type ModelId, modelId } from '../../shared/domain/index.ts';
import { settingsSchema } from '../ipc/callSchemas.ts';
import type { WindowState } from '../security/windowOptions.ts';
import { windowStateSchema } from '../windowState.ts';

/** What a person has set, and where the window stood. Values that do not fit any more count as not set. */
export class SettingsService {
  readonly #library: Library;
  readonly #defaults: AppSettings;

  constructor(library: Library, defaultModel: ModelId) {
    this.#library = library;
    this.#defaults = {
      theme: 'system',
      model: modelId(defaultModel),
      policy: defaultPolicy,
      device: 'cpu',
      panels: { outline: true, chat: true },
      textSizePx: 18,
      cacheCapBytes: DEFAULT_CACHE_CAP_BYTES,
    };
  }

  read(): AppSettings {
    const saved = settingsSchema.safeParse(this.#library.settings.read('app'));
    return { ...this.#defaults, ...(saved.success && (saved.data as Partial<AppSettings>)) };
  }

  save(changes: Partial<AppSettings>): AppSettings {
    const settings = { ...this.read(), ...changes };
    this.#library.settings.save('app', settings);
    return settings;
  }

  windowState(): WindowState | null {
    const saved = windowStateSchema.safeParse(this.#library.settings.read('window'));
    return saved.success ? saved.data : null;
  }

  saveWindowState(state: WindowState): void {
    this.#library.settings.save('window', state);
  }
}
