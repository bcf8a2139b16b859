import { GraphBuilder } from '../graph/graphBuilder.ts';
import { operatorsOf } from '../graph/operators/operatorsOf.ts';
import { floats } from './hostTensor.ts';
import type { Device, HostTensor, SessionFactory } from './ort.ts';
import { RowHistoryKeeper } from './rowHistory.ts';
import { defaultThreads } from './threads.ts';

/** What a device did with the trial. */
export interface DeviceTrial {
  /** The best of several runs, in milliseconds, with rows where the decoder has them. */
  readonly runMs: number;
  /** What it computed: the same on every device, but for rounding. */
  readonly output: Float32Array;
}

const HEADS = { heads: 8, kvHeads: 2, headDim: 64 } as const;
const WIDTH = HEADS.heads * HEADS.headDim;
const PLACES = 2_048;
const BLOCK = 32;
const RUNS = 3;
/** A device that takes longer than this for all runs is not asked again. */
const PATIENCE_MS = 300;

/**
 * Runs a piece of one decoding step, small enough for a moment of waiting: a packed linear layer, and
 * attention over some thousand tokens, whose keys and values a device with memory of its own has had since the
 * first run, which does not count.
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

function trialGraph(device: Device): GraphBuilder {
  const { heads, kvHeads, headDim } = HEADS;
  const graph = new GraphBuilder('deviceTrial', new Set(), device);
  const hidden = graph.input('hidden', 'float32', ['s', WIDTH]);
  const keys = graph.input('keys', 'float32', ['n', kvHeads, headDim]);
  const values = graph.input('values', 'float32', ['n', kvHeads, headDim]);
  const blocks = WIDTH / BLOCK;
  const packed = Uint8Array.from({ length: (WIDTH * WIDTH) / 2 }, (_, index) => (index * 7919) % 256);
  const weight = graph.constant('/weight', 'uint8', [WIDTH, blocks, BLOCK / 2], packed);
  const scales = graph.constant('/scales', 'float32', [WIDTH * blocks], new Float32Array(WIDTH * blocks).fill(0.01));
  const projected = graph.node('MatMulNBits', [hidden, weight, scales], {
    name: '/MatMulNBits',
    domain: 'com.microsoft',
    attributes: { K: WIDTH, N: WIDTH, bits: 4, block_size: BLOCK },
  });
  const queries = graph.node('Reshape', [projected, graph.shape([kvHeads, heads / kvHeads, headDim])], {
    name: '/queries',
  });
  const logits = operatorsOf(graph).queryKeyProduct(
    graph,
    { queryScale: 1 / Math.sqrt(headDim) },
    queries,
    keys,
    '/attention',
  );
  const weights = graph.node('Softmax', [logits], { name: '/Softmax', attributes: { axis: -1 } });
  graph.output('output', operatorsOf(graph).weightedValues(graph, weights, values, '/attention'), 'float32', [
    kvHeads,
    heads / kvHeads,
    headDim,
  ]);
  return graph;
}

function trialFeeds(): Record<string, HostTensor> {
  const { kvHeads, headDim } = HEADS;
  const wave = (length: number, step: number): Float32Array =>
    Float32Array.from({ length }, (_, index) => Math.sin(index * step));
  const shape = [PLACES, kvHeads, headDim];
  const elements = PLACES * kvHeads * headDim;
  const { now: history } = new RowHistoryKeeper();
  return {
    hidden: floats(wave(WIDTH, 0.37), [1, WIDTH]),
    keys: { ...floats(wave(elements, 0.11), shape), history },
    values: { ...floats(wave(elements, 0.13), shape), history },
  };
}
