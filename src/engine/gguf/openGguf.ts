import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ModelFileError } from '#shared/errors/index.ts';
import { ggmlByteLength } from './ggmlType.ts';
import type { GgufFile, GgufTensor } from './ggufFile.ts';
import { HeaderReader } from './headerReader.ts';
import { MAX_READ_BYTES } from './limits.ts';
import { type GgufHeader, readHeader } from './readHeader.ts';

/** "GGUF" in ASCII, read as a little-endian number. */
const MAGIC = 0x46554747;
const SUPPORTED_VERSIONS: readonly number[] = [2, 3];
const FETCH_AGAIN = 'The download was probably interrupted. Fetch the model again.';

/**
 * Opens a model file and reads its header. The tensors stay on disk.
 * @throws {ModelFileError} `model/notFound`, `model/notGguf`, `model/truncated`, `model/damaged`
 *   or `model/unsupported`, with what was found and what was needed
 */
// eslint-disable-next-line @typescript-eslint/require-await -- async, so that a caller never gets an error twice over: thrown and rejected.
export async function openGguf(path: string): Promise<GgufFile> {
  const fd = openForReading(path);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw notGguf(path, 'it is not a file');
    const fileBytes = stat.size;
    const reader = new HeaderReader(fd, path, fileBytes);
    const version = readVersion(reader, path, fileBytes);
    const header = readHeader(reader);
    checkTensorsLieInFile(header, path, fileBytes);
    checkIsWhole(header, path);
    return new OpenGguf(fd, path, fileBytes, version, header);
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
}

class OpenGguf implements GgufFile {
  readonly path: string;
  readonly fileBytes: number;
  readonly version: number;
  readonly metadata: GgufFile['metadata'];
  readonly tensors: GgufFile['tensors'];
  #fd: number | null;

  constructor(fd: number, path: string, fileBytes: number, version: number, header: GgufHeader) {
    this.#fd = fd;
    this.path = path;
    this.fileBytes = fileBytes;
    this.version = version;
    this.metadata = header.metadata;
    this.tensors = header.tensors;
  }

  readTensor(name: string): Uint8Array {
    const tensor = this.#tensor(name);
    return this.#read(tensor, 0, tensor.byteLength);
  }

  readRows(name: string, firstRow: number, rowCount: number): Uint8Array {
    const tensor = this.#tensor(name);
    const rows = tensor.elements / tensor.shape[0]!;
    if (firstRow < 0 || rowCount < 0 || firstRow + rowCount > rows) {
      throw new RangeError(`Rows ${firstRow} to ${firstRow + rowCount} of ${name}, which has ${rows}`);
    }
    const rowBytes = ggmlByteLength(tensor.type, tensor.shape[0]!);
    return this.#read(tensor, firstRow * rowBytes, rowCount * rowBytes);
  }

  close(): void {
    if (this.#fd === null) return;
    closeSync(this.#fd);
    this.#fd = null;
  }

  #tensor(name: string): GgufTensor {
    const tensor = this.tensors.get(name);
    if (tensor) return tensor;
    throw new ModelFileError('model/damaged', `${this.path} has no tensor "${name}", which its kind of model needs.`, {
      advice: 'Choose a complete file of this model.',
    });
  }

  #read(tensor: GgufTensor, offset: number, length: number): Uint8Array {
    if (this.#fd === null) throw new Error(`${this.path} was closed before ${tensor.name} was read`);
    if (length > MAX_READ_BYTES) {
      throw new RangeError(`${tensor.name} takes ${length} bytes; read it by rows, ${MAX_READ_BYTES} at most at once`);
    }
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const read = readSync(this.#fd, bytes, done, length - done, tensor.fileOffset + offset + done);
      if (read === 0) {
        throw new ModelFileError('model/truncated', `${this.path} became shorter while it was read.`, {
          advice: FETCH_AGAIN,
        });
      }
      done += read;
    }
    return bytes;
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ModelFileError(
      'model/notFound',
      missing ? `There is no model file at ${path}.` : `The model file ${path} cannot be opened: ${String(cause)}.`,
      { advice: missing ? 'Check the path, or fetch the model.' : 'Check that you may read the file.', cause },
    );
  }
}

function readVersion(reader: HeaderReader, path: string, fileBytes: number): number {
  if (fileBytes === 0) throw notGguf(path, 'it is empty');
  if (fileBytes < 8) throw notGguf(path, `it has only ${fileBytes} bytes`);
  const magic = reader.bytes(4);
  if (new DataView(magic.buffer, magic.byteOffset, 4).getUint32(0, true) !== MAGIC) {
    throw notGguf(path, `it begins with ${printable(magic)}, not with "GGUF"`);
  }
  const version = reader.uint32();
  if (SUPPORTED_VERSIONS.includes(version)) return version;
  const bigEndian = version > 0 && version % 2 ** 16 === 0;
  throw new ModelFileError(
    'model/unsupported',
    bigEndian
      ? `${path} is a GGUF file in big-endian byte order; little-endian ones can be read.`
      : `${path} is GGUF of version ${version}; versions ${SUPPORTED_VERSIONS.join(' and ')} can be read.`,
    { advice: 'Choose a file of the same model made by a current llama.cpp.' },
  );
}

function checkTensorsLieInFile(header: GgufHeader, path: string, fileBytes: number): void {
  let last: GgufTensor | undefined;
  for (const tensor of header.tensors.values()) {
    if (!last || tensor.fileOffset + tensor.byteLength > last.fileOffset + last.byteLength) last = tensor;
  }
  if (!last) {
    throw new ModelFileError('model/damaged', `${path} holds no tensors.`, {
      advice: 'Choose the file with the weights of the model, not a vocabulary.',
    });
  }
  const needed = last.fileOffset + last.byteLength;
  if (needed > fileBytes) {
    throw new ModelFileError(
      'model/truncated',
      `${path} is cut off: it has ${fileBytes} bytes, and its tensors need ${needed}.`,
      { advice: FETCH_AGAIN },
    );
  }
}

function checkIsWhole(header: GgufHeader, path: string): void {
  const parts = header.metadata.get('split.count');
  if (typeof parts === 'number' && parts > 1) {
    throw new ModelFileError('model/unsupported', `${path} is one of ${parts} parts of a split model.`, {
      advice: 'Join the parts with llama-gguf-split --merge and open the result.',
    });
  }
}

function notGguf(path: string, found: string): ModelFileError {
  return new ModelFileError('model/notGguf', `${path} is not a GGUF model: ${found}.`, {
    advice: 'Choose a model file whose name ends in .gguf.',
  });
}

function printable(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes);
  return /^[\x20-\x7e]+$/.test(text) ? JSON.stringify(text) : `bytes ${Buffer.from(bytes).toString('hex')}`;
}
