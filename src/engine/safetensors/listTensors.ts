import { z } from 'zod';
import { LENGTH_BYTES } from './safetensorsHeader.ts';

/** A tensor as the header of a file announces it. */
export interface StoredTensor {
  readonly name: string;
  readonly type: 'F16' | 'F32';
  /** The slowest axis first. */
  readonly shape: readonly number[];
  /** Where its bytes begin and end, counted from the end of the header. */
  readonly start: number;
  readonly end: number;
}

const elementBytes: Readonly<Record<StoredTensor['type'], number>> = { F16: 2, F32: 4 };

/** Axes of a tensor; attention has no use for more. */
const MAX_AXES = 4;

const entrySchema = z.object({
  dtype: z.enum(['F16', 'F32']),
  shape: z.array(z.int().positive()).max(MAX_AXES),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/**
 * Lists the tensors of a file of numbers, in the order of their bytes. Nothing the header says is believed: each
 * tensor has as many bytes as its shape takes, and together they cover the data without gap or overlap.
 *
 * @param header whole, its length included
 * @param dataBytes what follows it in the file
 * @throws {RangeError} with a message that says what is wrong with the file
 */
export function listTensors(header: Uint8Array, dataBytes: number): readonly StoredTensor[] {
  const fields = fieldsOf(header);
  const tensors = fields.filter(([name]) => name !== '__metadata__').map(([name, value]) => readEntry(name, value));
  tensors.sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { name, start, end } of tensors) {
    if (start !== at) throw new RangeError(`the bytes of ${name} begin at ${start}, not at ${at}`);
    at = end;
  }
  if (at !== dataBytes) throw new RangeError(`its tensors take ${at} bytes, and it holds ${dataBytes}`);
  return tensors;
}

function fieldsOf(header: Uint8Array): [string, unknown][] {
  try {
    const fields: unknown = JSON.parse(Buffer.from(header.subarray(LENGTH_BYTES)).toString('utf8'));
    if (typeof fields === 'object' && fields !== null) return Object.entries(fields);
  } catch {
    // Said below, with what else is no object.
  }
  throw new RangeError('its header is no JSON object');
}

function readEntry(name: string, value: unknown): StoredTensor {
  const entry = entrySchema.safeParse(value).data;
  if (!entry) throw new RangeError(`what it says of ${name} is no tensor of F16 or F32 numbers`);
  const { dtype, shape } = entry;
  const [start, end] = entry.data_offsets;
  const bytes = shape.reduce((product, length) => product * length, elementBytes[dtype]);
  if (end - start !== bytes) {
    throw new RangeError(`${name} [${shape.join(', ')}] takes ${bytes} bytes as ${dtype}, and has ${end - start}`);
  }
  return { name, type: dtype, shape, start, end };
}
