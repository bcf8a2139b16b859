import type { AnswerProgress } from '#shared/contract/index.ts';
import { deviceOf, type LoadedDecoder } from './loadedDecoder.ts';

/** Notices that the device failed while work was done on it, and tells so once, before the progress that follows. */
export class DeviceWatch {
  readonly #loaded: LoadedDecoder;
  readonly #report: (progress: AnswerProgress) => Promise<void>;
  #device: string;

  constructor(loaded: LoadedDecoder, report: (progress: AnswerProgress) => Promise<void>) {
    this.#loaded = loaded;
    this.#report = report;
    this.#device = loaded.decoder.device;
  }

  /** Passes progress on. */
  readonly report = (progress: AnswerProgress): Promise<void> => {
    this.check();
    return this.#report(progress);
  };

  /** What was read from here on is rounded in another way than files of the device that failed promise. */
  check(): void {
    const { device, deviceReason } = deviceOf(this.#loaded);
    if (device === this.#device) return;
    this.#device = device;
    this.#loaded.memory.leaveFiles();
    void this.#report({ type: 'deviceFailed', device, statement: deviceReason });
  }
}
