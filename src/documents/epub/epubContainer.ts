import { DocumentError } from '#shared/errors/index.ts';
import { parseXml } from '../markup/parseMarkup.ts';
import { findElement } from '../markup/walkElements.ts';
import { deobfuscate, type Encryption, NO_ENCRYPTION, readEncryption, requireReadable } from './encryption.ts';
import { type PackageDocument, packageDocument } from './packageDocument.ts';
import { ZipArchive } from './zipArchive.ts';

/** An EPUB's zip container with what it says about its parts. */
export class EpubContainer {
  readonly package: PackageDocument;
  readonly #zip: ZipArchive;
  readonly #encryption: Encryption;

  private constructor(zip: ZipArchive, packageDocument: PackageDocument, encryption: Encryption) {
    this.#zip = zip;
    this.package = packageDocument;
    this.#encryption = encryption;
  }

  /** @throws {DocumentError} `document/unknownFormat`, `document/damaged`, `document/tooLarge`, `document/protected` */
  static async open(path: string): Promise<EpubContainer> {
    const zip = await ZipArchive.open(path);
    try {
      const packagePath = await findPackage(zip);
      const bytes = await zip.read(packagePath);
      if (!bytes) throw damaged(`it names ${packagePath} as its package document and does not hold it`);
      const described = packageDocument(parseXml(bytes, 'its package document'), packagePath);
      const encryptionBytes = await zip.read('META-INF/encryption.xml');
      const encryption = encryptionBytes
        ? readEncryption(parseXml(encryptionBytes, 'its list of encrypted parts'))
        : NO_ENCRYPTION;
      const paths = described.spine.map(({ item }) => item.path);
      requireReadable(encryption, paths);
      if (!paths.some((part) => zip.has(part))) throw damaged('it holds none of the parts its reading order names');
      return new EpubContainer(zip, described, encryption);
    } catch (thrown) {
      zip.close();
      throw thrown;
    }
  }

  has(path: string): boolean {
    return this.#zip.has(path);
  }

  /** The bytes of a part, fonts made readable; null when there is none. */
  async read(path: string): Promise<Uint8Array | null> {
    const bytes = await this.#zip.read(path);
    const obfuscation = this.#encryption.obfuscated.get(path);
    return bytes && obfuscation ? deobfuscate(bytes, obfuscation, this.package.identifier) : bytes;
  }

  /** The media type of a part as the manifest states it; null for parts it does not list. */
  mediaTypeOf(path: string): string | null {
    return this.package.items.find((item) => item.path === path)?.mediaType ?? null;
  }

  close(): void {
    this.#zip.close();
  }
}

/** Path of the package document, from META-INF/container.xml. */
async function findPackage(zip: ZipArchive): Promise<string> {
  const container = await zip.read('META-INF/container.xml');
  if (!container) throw noEpub(zip);
  const rootfile = findElement(parseXml(container, 'META-INF/container.xml'), 'rootfile');
  const path = rootfile?.getAttribute('full-path');
  if (!path) throw damaged('META-INF/container.xml names no package document');
  return path;
}

function noEpub(zip: ZipArchive): DocumentError {
  const names = new Set(zip.names());
  const kind = names.has('word/document.xml')
    ? 'This is a Word document'
    : names.has('content.xml')
      ? 'This is an OpenDocument file'
      : 'This is a zip archive';
  return new DocumentError('document/unknownFormat', `${kind}, not an EPUB: it has no META-INF/container.xml.`, {
    advice: 'Open a PDF, an EPUB, a Markdown or a text file; unpack archives and convert other documents first.',
  });
}

function damaged(what: string): DocumentError {
  return new DocumentError('document/damaged', `This EPUB is damaged: ${what}.`, {
    advice: 'Get the book again, or from another source.',
  });
}
