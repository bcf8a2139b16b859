import { readSync } from 'node:fs';
import { ModelFileError } from '#shared/errors/index.ts';
import { MAX_HEADER_BYTES } from './limits.ts';

/** The header is read in pieces of this size: large enough to be few, small enough to waste little. */
const PIECE_BYTES = 1 << 20;

/**
 * Reads little-endian numbers and strings one after another from the start of a file,
 * by positional reads. Every read is checked against the file's size first.
 */
export class HeaderReader {
  readonly #fd: number;
  readonly #path: string;
  readonly #fileBytes: number;
  /** Keeps a byte order mark: vocabularies have tokens that begin with one. */
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #piece = Buffer.alloc(0);
  #pieceStart = 0;
  #at = 0;

  constructor(fd: number, path: string, fileBytes: number) {
    this.#fd = fd;
    this.#path = path;
    this.#fileBytes = fileBytes;
  }

  /** How far the header has been read. */
  get position(): number {
    return this.#at;
  }

  /** Bytes of the file after the position. */
  get remaining(): number {
    return this.#fileBytes - this.#at;
  }

  bytes(length: number): Uint8Array {
    const start = this.#need(length);
    return this.#piece.subarray(start, start + length);
  }

  uint8(): number {
    return this.#piece.readUInt8(this.#need(1));
  }

  int8(): number {
    return this.#piece.readInt8(this.#need(1));
  }

  uint16(): number {
    return this.#piece.readUInt16LE(this.#need(2));
  }

  int16(): number {
    return this.#piece.readInt16LE(this.#need(2));
  }

  uint32(): number {
    return this.#piece.readUInt32LE(this.#need(4));
  }

  int32(): number {
    return this.#piece.readInt32LE(this.#need(4));
  }

  float32(): number {
    return this.#piece.readFloatLE(this.#need(4));
  }

  float64(): number {
    return this.#piece.readDoubleLE(this.#need(8));
  }

  /** A number where it is exact, else a bigint. */
  uint64(): number | bigint {
    return narrow(this.#piece.readBigUInt64LE(this.#need(8)));
  }

  int64(): number | bigint {
    return narrow(this.#piece.readBigInt64LE(this.#need(8)));
  }

  /**
   * A count or length, which must not be larger than `limit`.
   * @param what names it in the error: "tensors", "bytes of a string"
   * @throws {ModelFileError} `model/damaged`
   */
  count(limit: number, what: string): number {
    // Two halves, as a bigint each for 300,000 strings costs a third of the time to open a file.
    const start = this.#need(8);
    const value = this.#piece.readUInt32LE(start) + this.#piece.readUInt32LE(start + 4) * 2 ** 32;
    if (value > limit) throw this.damaged(`It states ${value} ${what}; at most ${limit} can be.`);
    return value;
  }

  /** A length and that many bytes of UTF-8. Broken UTF-8 becomes U+FFFD, as vocabularies hold some. */
  string(limit: number, what: string): string {
    return this.#decoder.decode(this.bytes(this.count(limit, what)));
  }

  /** The error for a header that contradicts itself. */
  damaged(sentence: string): ModelFileError {
    return new ModelFileError('model/damaged', `${this.#path} is damaged near byte ${this.#at}. ${sentence}`, {
      advice: 'Fetch the model again, or choose another file.',
    });
  }

  /** Makes `length` bytes available and moves on; returns where they start in the piece. */
  #need(length: number): number {
    if (length > this.remaining) {
      throw new ModelFileError(
        'model/truncated',
        `${this.#path} is cut off: it ends at byte ${this.#fileBytes}, and its header goes on to at least byte ${this.#at + length}.`,
        { advice: 'The download was probably interrupted. Fetch the model again.' },
      );
    }
    if (this.#at + length > MAX_HEADER_BYTES) {
      throw this.damaged(`Its header is longer than ${MAX_HEADER_BYTES} bytes.`);
    }
    const inPiece = this.#at - this.#pieceStart;
    if (inPiece + length > this.#piece.length) this.#fill(length);
    const start = this.#at - this.#pieceStart;
    this.#at += length;
    return start;
  }

  #fill(length: number): void {
    const size = Math.min(Math.max(PIECE_BYTES, length), this.remaining);
    const piece = Buffer.alloc(size);
    let done = 0;
    while (done < size) {
      const read = readSync(this.#fd, piece, done, size - done, this.#at + done);
      if (read === 0) throw this.damaged('It became shorter while it was read.');
      done += read;
    }
    this.#piece = piece;
    this.#pieceStart = this.#at;
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
