import type { Device } from '#shared/contract/index.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { EngineError } from '#shared/errors/index.ts';
import { type Adapter, adaptedWeights } from '../adapter/index.ts';
import type { SequenceCache } from '../cache/sequenceCache.ts';
import type { GgufFile } from '../gguf/index.ts';
import { cutLayers, type LayerRange } from '../graph/cutLayers.ts';
import { coarseHeadGraph, headGraph, headTensor } from '../graph/headGraph.ts';
import { layersGraph } from '../graph/layersGraph.ts';
import type { Precision } from '../graph/linear.ts';
import { type RopeTable, ropeTable } from '../graph/ropeTable.ts';
import type { ModelDescription } from '../model/index.ts';
import { DeviceSessions, type GraphOfDevice } from '../runtime/deviceSessions.ts';
import { createSession, type GraphSession, type SessionFactory } from '../runtime/ort.ts';
import { defaultThreads } from '../runtime/threads.ts';
import { DecoderSequence } from './decoderSequence.ts';
import { OutputHead } from './outputHead.ts';
import type { Sequence } from './sequence.ts';
import { TokenEmbedding } from './tokenEmbedding.ts';

export interface DecoderOptions {
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  readonly plan: CachePlan;
  /** The one that the plan names. @default none */
  readonly adapter?: Adapter | null;
  /** @default 'cpu' */
  readonly device?: Device;
  /** @default 'packed' */
  readonly precision?: Precision;
  /** Threads inside an operator. @default one for each core, 8 at most */
  readonly threads?: number;
  /** Inner values to hand out with each chunk, by name; see `layersGraph`. @default none */
  readonly taps?: ReadonlySet<string> | 'all';
  /** Makes sessions. @default ONNX Runtime */
  readonly createSession?: SessionFactory | undefined;
}

/** Vocabularies from this size on are worth a rough pass over them before an exact one. */
const COARSE_FROM_TOKENS = 16_384;

/** A part of the decoder that runs in one call. */
export interface DecoderPart {
  readonly range: LayerRange;
  readonly session: GraphSession;
  readonly taps: readonly string[];
}

/** A model ready to read and to write. Sequences share its weights; one call runs at a time. */
export interface Decoder {
  readonly model: ModelDescription;
  readonly plan: CachePlan;
  /** Where its graphs run now: the processor, once another device has failed. */
  readonly device: Device;
  /** Why it is no longer the device that was asked for, in one sentence; null when it is. */
  readonly deviceFailure: string | null;
  /** Starts with nothing read, or goes on from where a cache of this plan stands. The cache stays the caller's. */
  startSequence(cache?: SequenceCache): Sequence;
  dispose(): Promise<void>;
}

export interface LoadOptions {
  readonly signal?: AbortSignal | undefined;
  /** @param done share of the graphs that are ready, 0 to 1 */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Builds the graphs of a model under a plan and compiles them, one after the other, so that only one
 * of them is held twice at any time.
 *
 * A device that refuses a graph, or fails at a run later on, is left for the processor: see `DeviceSessions`.
 *
 * @throws {DeviceError} when the processor refuses a graph; {EngineError} `engine/internal` when the adapter is not
 *   the plan's
 */
export async function createDecoder(
  options: DecoderOptions,
  { signal, onProgress }: LoadOptions = {},
): Promise<Decoder> {
  const { gguf, model, plan, adapter = null } = options;
  const precision = options.precision ?? 'packed';
  checkAdapter(plan, adapter);
  const weights = adaptedWeights(gguf, adapter);
  const source = { weights, model, plan, precision, taps: options.taps ?? new Set<string>() };
  const ranges = cutLayers(weights, plan, precision === 'float32' ? 4 : undefined);
  const sessions = new DeviceSessions({
    device: options.device ?? 'cpu',
    createSession: options.createSession ?? createSession,
    threads: options.threads ?? defaultThreads(),
  });
  try {
    const parts: DecoderPart[] = [];
    for (const range of ranges) {
      signal?.throwIfAborted();
      let taps: string[] = [];
      const graphOf: GraphOfDevice = (device) => {
        const graph = layersGraph({ ...source, device }, range);
        taps = [...graph.taps];
        return graph;
      };
      const session = await sessions.make(graphOf);
      parts.push({ range, session, taps });
      onProgress?.(parts.length / (ranges.length + 1));
    }
    signal?.throwIfAborted();
    const coarse =
      precision === 'packed' && model.vocabSize >= COARSE_FROM_TOKENS
        ? await sessions.make((device) => coarseHeadGraph({ ...source, device }))
        : null;
    const exact = () => sessions.make((device) => headGraph({ ...source, device }));
    await sessions.ready();
    onProgress?.(1);
    const head = new OutputHead({ weights, model, tensor: headTensor(model), coarse, exact });
    const rope: RopeTable = ropeTable(weights, model.rope, model.ropeDims);
    const slidingRope = model.slidingRope && ropeTable(weights, model.slidingRope, model.ropeDims);
    const embedding = new TokenEmbedding(weights, model);
    return {
      model,
      plan,
      get device() {
        return sessions.device;
      },
      get deviceFailure() {
        return sessions.failure;
      },
      startSequence: (cache) => new DecoderSequence({ model, plan, parts, head, rope, slidingRope, embedding }, cache),
      dispose: () => sessions.dispose(),
    };
  } catch (error) {
    await sessions.dispose();
    throw error;
  }
}

/** A plan with the weights of another one would answer worse, and its caches would pass for good ones. */
function checkAdapter(plan: CachePlan, adapter: Adapter | null): void {
  if (plan.adapter?.sha256 === adapter?.sha256) return;
  throw new EngineError('engine/internal', `The plan ${plan.id} came without the adapter it names, or with another.`, {
    advice: 'This is a fault in Proxima. Please report it.',
  });
}
