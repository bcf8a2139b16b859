import { createHash } from 'node:crypto';
import { DocumentError } from '#shared/errors/index.ts';
import { localName } from '#shared/text/index.ts';
import type { MarkupDocument } from '../markup/markupDom.ts';
import { findElement, walkElements } from '../markup/walkElements.ts';
import { resolveHref } from './resolveHref.ts';

/** The two ways fonts are obfuscated; neither is a protection of the text. */
const OBFUSCATIONS = {
  'http://www.idpf.org/2008/embedding': 'idpf',
  'http://ns.adobe.com/pdf/enc#RC': 'adobe',
} as const;

type Obfuscation = (typeof OBFUSCATIONS)[keyof typeof OBFUSCATIONS];

/** What META-INF/encryption.xml says: which parts are obfuscated, and which are encrypted for good. */
export interface Encryption {
  readonly obfuscated: ReadonlyMap<string, Obfuscation>;
  readonly encrypted: ReadonlySet<string>;
}

export const NO_ENCRYPTION: Encryption = { obfuscated: new Map(), encrypted: new Set() };

/** Reads META-INF/encryption.xml (EPUB Open Container Format, section 4.2.6.3.2). */
export function readEncryption(document: MarkupDocument): Encryption {
  const obfuscated = new Map<string, Obfuscation>();
  const encrypted = new Set<string>();
  for (const element of walkElements(document)) {
    if (localName(element) !== 'encrypteddata') continue;
    const algorithm = findElement(element, 'encryptionmethod')?.getAttribute('Algorithm') ?? '';
    // Paths start at the root of the container.
    const path = resolveHref('', findElement(element, 'cipherreference')?.getAttribute('URI') ?? '')?.path;
    if (!path) continue;
    if (algorithm in OBFUSCATIONS) obfuscated.set(path, OBFUSCATIONS[algorithm as keyof typeof OBFUSCATIONS]);
    else encrypted.add(path);
  }
  return { obfuscated, encrypted };
}

/** @throws {DocumentError} `document/protected` when any part to be read is encrypted */
export function requireReadable(encryption: Encryption, paths: readonly string[]): void {
  if (!paths.some((path) => encryption.encrypted.has(path))) return;
  throw new DocumentError('document/protected', 'The text of this EPUB is encrypted by copy protection (DRM).', {
    advice: 'Read it in the shop\u2019s own app, or get an edition without copy protection.',
  });
}

/** Undoes the obfuscation of a font (EPUB Open Container Format, section 4.4; Adobe's older way). */
export function deobfuscate(bytes: Uint8Array, obfuscation: Obfuscation, identifier: string): Uint8Array {
  const key =
    obfuscation === 'idpf'
      ? createHash('sha1').update(identifier).digest()
      : Buffer.from(identifier.replace(/^urn:uuid:/, '').replaceAll('-', ''), 'hex');
  if (key.length === 0) return bytes;
  const clear = Uint8Array.from(bytes);
  const length = Math.min(clear.length, obfuscation === 'idpf' ? 1040 : 1024);
  for (let index = 0; index < length; index++) clear[index]! ^= key[index % key.length]!;
  return clear;
}
