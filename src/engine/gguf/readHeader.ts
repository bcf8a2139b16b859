import type { ModelFileError } from '#shared/errors/index.ts';
import { type GgmlType, ggmlByteLength, ggmlLayouts, ggmlTypeOf } from './ggmlType.ts';
import type { GgufTensor, GgufValue } from './ggufFile.ts';
import type { HeaderReader } from './headerReader.ts';
import {
  MAX_ALIGNMENT,
  MAX_ARRAY_DEPTH,
  MAX_ARRAY_LENGTH,
  MAX_DIMENSION,
  MAX_DIMENSIONS,
  MAX_METADATA_ENTRIES,
  MAX_STRING_BYTES,
  MAX_TENSOR_NAME_BYTES,
  MAX_TENSORS,
} from './limits.ts';

/** What stands in front of the tensor data. */
export interface GgufHeader {
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

/** The value kinds of GGUF, by their codes (`gguf_metadata_value_type` of the specification). */
const valueReaders: readonly ((reader: HeaderReader) => GgufValue)[] = [
  (reader) => reader.uint8(),
  (reader) => reader.int8(),
  (reader) => reader.uint16(),
  (reader) => reader.int16(),
  (reader) => reader.uint32(),
  (reader) => reader.int32(),
  (reader) => reader.float32(),
  (reader) => reader.uint8() !== 0,
  (reader) => reader.string(MAX_STRING_BYTES, 'bytes of a string'),
  (reader) => readArray(reader, 1),
  (reader) => reader.uint64(),
  (reader) => reader.int64(),
  (reader) => reader.float64(),
];

const ARRAY_KIND = 9;

/** Smallest number of bytes a value of each kind takes, to refuse absurd counts before any is read. */
const minimumBytes: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8];
/** Name length, kind, one byte of value. */
const MINIMUM_ENTRY_BYTES = 8 + 4 + 1;
/** Name length, dimension count, type and offset. */
const MINIMUM_TENSOR_BYTES = 8 + 4 + 4 + 8;

/**
 * Reads metadata and tensor list of a GGUF file of version 2 or 3 (they are laid out alike).
 * The reader stands after magic and version.
 * @throws {ModelFileError} `model/truncated` when the file ends too early, `model/damaged` when
 *   it contradicts itself or passes a limit of `limits.ts`, `model/unsupported` for unknown types.
 */
export function readHeader(reader: HeaderReader): GgufHeader {
  const tensorCount = reader.count(MAX_TENSORS, 'tensors');
  const entryCount = reader.count(MAX_METADATA_ENTRIES, 'metadata entries');
  checkRoom(reader, tensorCount * MINIMUM_TENSOR_BYTES + entryCount * MINIMUM_ENTRY_BYTES, 'tensors and entries');

  const metadata = new Map<string, GgufValue>();
  for (let index = 0; index < entryCount; index++) {
    const key = reader.string(MAX_STRING_BYTES, 'bytes of a name');
    if (metadata.has(key)) throw reader.damaged(`The entry "${key}" appears twice.`);
    metadata.set(key, readValue(reader, reader.uint32()));
  }

  const raw: Omit<GgufTensor, 'fileOffset'>[] = [];
  const offsets: number[] = [];
  for (let index = 0; index < tensorCount; index++) {
    const { offset, ...tensor } = readTensorEntry(reader);
    raw.push(tensor);
    offsets.push(offset);
  }

  const alignment = alignmentOf(metadata, reader);
  const dataStart = Math.ceil(reader.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  raw.forEach((tensor, index) => {
    const offset = offsets[index]!;
    if (tensors.has(tensor.name)) throw reader.damaged(`The tensor "${tensor.name}" appears twice.`);
    if (offset % alignment !== 0) {
      throw reader.damaged(`The tensor "${tensor.name}" starts at ${offset}, not at a multiple of ${alignment}.`);
    }
    tensors.set(tensor.name, { ...tensor, fileOffset: dataStart + offset });
  });
  return { metadata, tensors };
}

function readValue(reader: HeaderReader, kind: number): GgufValue {
  const read = valueReaders[kind];
  if (!read) throw unknownKind(reader, kind);
  return read(reader);
}

function readArray(reader: HeaderReader, depth: number): readonly GgufValue[] {
  const kind = reader.uint32();
  const read = kind === ARRAY_KIND ? undefined : valueReaders[kind];
  if (kind !== ARRAY_KIND && !read) throw unknownKind(reader, kind);
  if (depth > MAX_ARRAY_DEPTH) throw reader.damaged(`It nests arrays deeper than ${MAX_ARRAY_DEPTH}.`);
  const length = reader.count(MAX_ARRAY_LENGTH, 'elements of an array');
  checkRoom(reader, length * minimumBytes[kind]!, 'elements of an array');
  const values: GgufValue[] = [];
  for (let index = 0; index < length; index++) values.push(read ? read(reader) : readArray(reader, depth + 1));
  return values;
}

function readTensorEntry(reader: HeaderReader): Omit<GgufTensor, 'fileOffset'> & { readonly offset: number } {
  const name = reader.string(MAX_TENSOR_NAME_BYTES, "bytes of a tensor's name");
  const dimensions = reader.uint32();
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
    throw reader.damaged(`The tensor "${name}" has ${dimensions} dimensions; 1 to ${MAX_DIMENSIONS} can be.`);
  }
  const shape = Array.from({ length: dimensions }, () => reader.count(MAX_DIMENSION, 'elements of a dimension'));
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements < 1 || !Number.isSafeInteger(elements)) {
    throw reader.damaged(`The tensor "${name}" has the impossible shape [${shape.join(', ')}].`);
  }
  const type = tensorType(reader, name, reader.uint32());
  if (shape[0]! % ggmlLayouts[type].blockElements !== 0) {
    throw reader.damaged(
      `Rows of the tensor "${name}" have ${shape[0]!} elements, and ${type} packs them by ${ggmlLayouts[type].blockElements}.`,
    );
  }
  const offset = reader.count(Number.MAX_SAFE_INTEGER, 'bytes in front of a tensor');
  return { name, type, shape, elements, byteLength: ggmlByteLength(type, elements), offset };
}

function tensorType(reader: HeaderReader, name: string, code: number): GgmlType {
  const type = ggmlTypeOf(code);
  if (!type) throw reader.damaged(`The tensor "${name}" is of type ${code}, which is unknown.`);
  return type;
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>, reader: HeaderReader): number {
  const value = metadata.get('general.alignment') ?? 32;
  if (typeof value !== 'number' || value < 8 || value % 8 !== 0 || value > MAX_ALIGNMENT) {
    throw reader.damaged(`Its alignment is ${String(value)}; a multiple of 8 up to ${MAX_ALIGNMENT} can be.`);
  }
  return value;
}

/** Refuses a count whose items could not fit in the rest of the file, before memory is taken for them. */
function checkRoom(reader: HeaderReader, bytes: number, what: string): void {
  if (bytes > reader.remaining) {
    throw reader.damaged(`It states ${what} of at least ${bytes} bytes, and ${reader.remaining} bytes are left.`);
  }
}

function unknownKind(reader: HeaderReader, kind: number): ModelFileError {
  return reader.damaged(`A value is of kind ${kind}, which is unknown.`);
}
