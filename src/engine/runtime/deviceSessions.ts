import { type Device, deviceTitles } from '#shared/contract/index.ts';
import type { GraphSession, SessionFactory, SessionOptions } from './ort.ts';

/** A graph in the operators of a device. */
export type GraphOfDevice = (device: Device) => { serialise(): Uint8Array };

export interface DeviceSessionsOptions extends Pick<SessionOptions, 'threads'> {
  readonly device: Device;
  readonly createSession: SessionFactory;
}

interface Place {
  readonly graphOf: GraphOfDevice;
  session: GraphSession | null;
}

/**
 * The sessions of a decoder, all on one device. When it fails, at the making of a session or at a run, all of
 * them move to the processor for good, and what failed is done there once more: its inputs are on the host, and a
 * run leaves nothing behind on the device. A graph is made anew for the move, since each device has operators
 * of its own.
 */
export class DeviceSessions {
  readonly #options: DeviceSessionsOptions;
  readonly #places: Place[] = [];
  #device: Device;
  #failure: string | null = null;

  constructor(options: DeviceSessionsOptions) {
    this.#options = options;
    this.#device = options.device;
  }

  /** Where they run now. */
  get device(): Device {
    return this.#device;
  }

  /** Why they moved, in one sentence for people; null when they did not. */
  get failure(): string | null {
    return this.#failure;
  }

  /**
   * Makes a session, which follows the others to the processor.
   * @throws {DeviceError} when the processor refuses the graph
   */
  async make(graphOf: GraphOfDevice): Promise<GraphSession> {
    const place: Place = { graphOf, session: null };
    this.#places.push(place);
    await this.#onDevice(() => this.#sessionOf(place));
    return {
      run: (feeds, fetches) => this.#onDevice(async () => (await this.#sessionOf(place)).run(feeds, fetches)),
      dispose: async () => {
        this.#places.splice(this.#places.indexOf(place), 1);
        await place.session?.dispose();
      },
    };
  }

  /** Makes the sessions that were given up by a move, so that the next run need not wait for them. */
  async ready(): Promise<void> {
    for (const place of this.#places) await this.#onDevice(() => this.#sessionOf(place));
  }

  async dispose(): Promise<void> {
    for (const { session } of this.#places.splice(0)) await session?.dispose();
  }

  async #sessionOf(place: Place): Promise<GraphSession> {
    const { createSession, threads } = this.#options;
    const { graphOf } = place;
    const device = this.#device;
    place.session ??= await createSession(graphOf(device).serialise(), {
      device,
      threads,
    });
    return place.session;
  }

  async #onDevice<Result>(work: () => Promise<Result>): Promise<Result> {
    const device = this.#device;
    try {
      return await work();
    } catch (cause) {
      if (device === 'cpu') throw cause;
      await this.#leave(device, cause);
    }
    return work();
  }

  async #leave(device: Device, cause: unknown): Promise<void> {
    process.emitWarning(`The device "${device}" failed: ${String(cause)}`);
    this.#failure = `${deviceTitles[device]} failed, so the processor goes on in its place.`;
    this.#device = 'cpu';
    for (const place of this.#places) {
      // A device that is lost may fail at letting go as well, and nothing more is asked of it.
      await place.session?.dispose().catch(() => undefined);
      place.session = null;
    }
  }
}
