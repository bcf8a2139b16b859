import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { CacheBudgetError } from '#shared/errors/index.ts';
import { dequantize, type GgufFile, type GgufTensor, sampledModelDigest } from '../gguf/index.ts';
import { headerBytes, listTensors, readMetadata, type StoredTensor } from '../safetensors/index.ts';
import type { Adapter, LowRankUpdate } from './adapter.ts';
import { adaptableMatrices, factorName, splitFactorName } from './adapterTensors.ts';

/** Changes when older files can no longer be read. */
const FORMAT = 'proxima-adapter-1';

/** Rank 16 on all projections of a model with 8 billion weights takes 55 MiB in F32. */
const MAX_FILE_BYTES = 256 * 2 ** 20;

/** An update of a higher rank is better kept as a matrix of its own. */
const MAX_RANK = 256;

const metadataSchema = z.object({
  format: z.literal(FORMAT),
  fingerprint: z.string(),
  rank: z.string().regex(/^[1-9]\d{0,3}$/),
});

/**
 * Reads the adapter that a plan names, and checks that it is that one, that it was trained for this model, and
 * that every update fits its matrix.
 *
 * @param sha256 of the file, as the plan states it
 * @param gguf the model file itself
 * @param layers of the model
 * @throws {CacheBudgetError} `cache/adapter` for a file that is missing, damaged, another one, or of another model
 */
export async function readAdapterFile(path: string, sha256: string, gguf: GgufFile, layers: number): Promise<Adapter> {
  const bytes = await readWhole(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw refused(path, `its checksum is ${found.slice(0, 12)}…, and the plan names ${sha256.slice(0, 12)}…`);
  }
  const header = bytes.subarray(0, headerBytes(bytes) ?? 0);
  const data = bytes.subarray(header.length);
  const metadata = metadataSchema.safeParse(readMetadata(header)).data;
  if (!metadata) throw refused(path, `it does not say that it is of the format ${FORMAT}, and for which model`);
  const fingerprint = await sampledModelDigest(gguf);
  if (metadata.fingerprint !== fingerprint) {
    throw refused(
      path,
      `it is for the model ${metadata.fingerprint.slice(0, 12)}…, and this one is ${fingerprint.slice(0, 12)}…`,
    );
  }
  const rank = Number(metadata.rank);
  if (rank > MAX_RANK) throw refused(path, `its rank is ${rank}; up to ${MAX_RANK} can be read`);
  try {
    const tensors = new Map(listTensors(header, data.length).map((tensor) => [tensor.name, tensor]));
    return { sha256, updates: readUpdates(tensors, data, { gguf, layers, rank }) };
  } catch (thrown) {
    if (thrown instanceof RangeError) throw refused(path, thrown.message, thrown);
    throw thrown;
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  let bytes = 0;
  try {
    const file = await open(path, 'r');
    try {
      const stat = await file.stat();
      bytes = stat.size;
      if (stat.isFile() && bytes <= MAX_FILE_BYTES) return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw refused(path, 'it cannot be read', cause);
  }
  throw refused(path, `it is no file, or its ${bytes} bytes are more than ${MAX_FILE_BYTES}`);
}

interface FittingModel {
  readonly gguf: GgufFile;
  readonly layers: number;
  readonly rank: number;
}

/** @throws {RangeError} that says what does not fit */
function readUpdates(
  tensors: ReadonlyMap<string, StoredTensor>,
  data: Uint8Array,
  model: FittingModel,
): ReadonlyMap<string, LowRankUpdate> {
  const updates = new Map<string, LowRankUpdate>();
  for (const name of tensors.keys()) {
    const matrix = splitFactorName(name)?.matrix;
    if (matrix === undefined) throw new RangeError(`${name} is neither the down nor the up of a matrix`);
    if (!updates.has(matrix)) updates.set(matrix, readUpdate(matrix, tensors, data, model));
  }
  if (updates.size === 0) throw new RangeError('it changes nothing');
  return updates;
}

function readUpdate(
  matrix: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  data: Uint8Array,
  { gguf, layers, rank }: FittingModel,
): LowRankUpdate {
  const [columns, rows] = changed(matrix, gguf, layers).shape as [number, number];
  const factor = (kind: 'down' | 'up', shape: readonly [number, number]): Float32Array => {
    const tensor = tensors.get(factorName(matrix, kind));
    if (!tensor) throw new RangeError(`the update of ${matrix} has no ${kind}`);
    if (tensor.shape.length !== 2 || !shape.every((length, axis) => tensor.shape[axis] === length)) {
      throw new RangeError(`${tensor.name} is [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`);
    }
    const values = dequantize(tensor.type, data.subarray(tensor.start, tensor.end), shape[0] * shape[1]);
    if (!values.every(Number.isFinite)) throw new RangeError(`${tensor.name} holds what is no number`);
    return values;
  };
  return { rank, down: factor('down', [rank, columns]), up: factor('up', [rows, rank]) };
}

/** The matrix of the model that an update changes. */
function changed(matrix: string, gguf: GgufFile, layers: number): GgufTensor {
  if (!adaptableMatrices(layers).has(matrix)) {
    throw new RangeError(`it changes ${matrix}, and only the projections of attention of ${layers} layers may change`);
  }
  const tensor = gguf.tensors.get(matrix);
  if (tensor) return tensor;
  throw new RangeError(`it changes ${matrix}, and this model keeps queries, keys and values in one matrix`);
}

function refused(path: string, why: string, cause?: unknown): CacheBudgetError {
  return new CacheBudgetError('cache/adapter', `The adapter ${path} cannot be used: ${why}.`, {
    advice: 'Put the adapter of this plan back in its place, or choose the policy "dense", which needs none.',
    cause,
  });
}
