import { type Entry, open, type ZipFile } from 'yauzl';
import { DocumentError } from '#shared/errors/index.ts';

const MIB = 1024 * 1024;

/** What a container may hold: beyond any real book, well below what would hurt. */
export const ZIP_LIMITS = { entryBytes: 64 * MIB, totalBytes: 512 * MIB, entries: 10_000 } as const;

/**
 * A zip archive that is read entry by entry and never unpacked to disk. Sizes stated by the
 * archive are not believed: the bytes that really come out are counted.
 */
export class ZipArchive {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws {DocumentError} `document/damaged`, `document/tooLarge` */
  static async open(path: string): Promise<ZipArchive> {
    const zip = await openZip(path);
    try {
      return new ZipArchive(zip, await readDirectory(zip));
    } catch (thrown) {
      zip.close();
      throw thrown;
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  names(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /**
   * The bytes of an entry; null when there is none of that name.
   * @throws {DocumentError} `document/damaged`, `document/tooLarge`
   */
  async read(name: string): Promise<Uint8Array | null> {
    const entry = this.#entries.get(name);
    return entry ? this.#inflate(entry) : null;
  }

  close(): void {
    this.#zip.close();
  }

  #inflate(entry: Entry): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void =>
        reject(cause instanceof DocumentError ? cause : damaged(`${entry.fileName} in it cannot be unpacked`, cause));
      this.#zip.openReadStream(entry, (error: Error | null, stream) => {
        if (error) {
          fail(error);
          return;
        }
        const pieces: Buffer[] = [];
        let total = 0;
        stream.on('data', (piece: Buffer) => {
          total += piece.length;
          pieces.push(piece);
          if (total > ZIP_LIMITS.entryBytes) stream.destroy(entryTooLarge(entry.fileName));
        });
        stream.on('error', fail);
        stream.on('end', () => resolve(new Uint8Array(Buffer.concat(pieces, total))));
      });
    });
  }
}

function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error: Error | null, zip) => {
      if (error) reject(damaged('its list of parts is missing or cut off', error));
      else resolve(zip);
    });
  });
}

function readDirectory(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    if (zip.entryCount > ZIP_LIMITS.entries) {
      reject(tooLarge(`it holds ${zip.entryCount} parts, and up to ${ZIP_LIMITS.entries} are read`));
      return;
    }
    const entries = new Map<string, Entry>();
    let total = 0;
    zip.on('entry', (entry: Entry) => {
      total += entry.uncompressedSize;
      if (entry.uncompressedSize > ZIP_LIMITS.entryBytes) reject(entryTooLarge(entry.fileName));
      else if (total > ZIP_LIMITS.totalBytes) {
        reject(tooLarge(`unpacked it would exceed ${ZIP_LIMITS.totalBytes / MIB} MiB`));
      } else {
        if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
        zip.readEntry();
      }
    });
    // A name such as ../../x ends here too: no honest book holds one.
    zip.on('error', (error: Error) => reject(damaged(error.message, error)));
    zip.on('end', () => resolve(entries));
    zip.readEntry();
  });
}

function damaged(what: string, cause: Error): DocumentError {
  return new DocumentError('document/damaged', `This zip container is damaged: ${what}.`, {
    advice: 'Get the file again; the download may have been cut off.',
    cause,
  });
}

function entryTooLarge(name: string): DocumentError {
  return tooLarge(`${name} in it exceeds ${ZIP_LIMITS.entryBytes / MIB} MiB unpacked`);
}

function tooLarge(what: string): DocumentError {
  return new DocumentError('document/tooLarge', `This zip container is refused: ${what}.`, {
    advice: 'No book needs that much; the file may be made to fill the memory. Get it from a source you trust.',
  });
}
