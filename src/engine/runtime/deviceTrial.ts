import type { Device } from '#shared/contract/index.ts';
import { trialFeeds, trialGraph } from './deviceTrialGraph.ts';
import type { SessionFactory } from './ort.ts';
import { defaultThreads } from './threads.ts';

/** What a device did with the trial. */
export interface DeviceTrial {
  /** The best of several runs, in milliseconds, with rows where the decoder has them. */
  readonly runMs: number;
  /** What it computed: the same on every device, but for rounding. */
  readonly output: Float32Array;
}

const RUNS = 3;
/** A device that takes longer than this for all runs is not asked again. */
const PATIENCE_MS = 300;

/**
 * Runs a layer of one decoding step, small enough for a moment of waiting. Keys and values are where the decoder has
 * them: a device that keeps rows has had them since the first run, which does not count.
 *
 * @throws {DeviceError} when the device is missing or refuses the graph
 */
export async function deviceTrial(device: Device, createSession: SessionFactory): Promise<DeviceTrial> {
  const session = await createSession(trialGraph(device).serialise(), { device, threads: defaultThreads() });
  try {
    const feeds = trialFeeds();
    let output = (await session.run(feeds))['output']!;
    let runMs = Infinity;
    const deadline = performance.now() + PATIENCE_MS;
    for (let run = 0; run < RUNS && (run === 0 || performance.now() < deadline); run++) {
      const start = performance.now();
      output = (await session.run(feeds))['output']!;
      runMs = Math.min(runMs, performance.now() - start);
    }
    return { runMs, output };
  } finally {
    await session.dispose();
  }
}
