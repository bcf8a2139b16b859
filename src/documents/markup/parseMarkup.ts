import { DocumentError } from '#shared/errors/index.ts';
import { buildHtml, buildXml } from './linkedomParser.ts';
import type { MarkupDocument } from './markupDom.ts';
import { scanXml } from './scanXml.ts';
import { elementsOf } from './walkElements.ts';

/** Real books stay below 60; every walk over a document recurses, so this bounds the stack. */
const MAX_DEPTH = 512;
const MAX_ENTITY_NAMES = 4096;

/**
 * Parses XML from a hostile file: no DTD, no entities but those of XML and HTML, bounded depth.
 * @param what names the part in errors, such as "the package document"
 * @throws {DocumentError} `document/damaged`
 */
export function parseXml(bytes: Uint8Array, what: string): MarkupDocument {
  const source = withoutDoctype(decodeXml(bytes));
  requireShallow(scanXml(source).depth, what);
  return build(source, what);
}

/**
 * Parses a content document: as XML where it is XML (so that `<a id="x"/>` is an empty
 * anchor and places count as EPUB CFI has it), else as HTML, since old books hold that.
 * @throws {DocumentError} `document/damaged`
 */
export function parseContent(bytes: Uint8Array, what: string): MarkupDocument {
  const source = withoutDoctype(decodeXml(bytes));
  const { depth, isWellFormed } = scanXml(source);
  if (isWellFormed) {
    requireShallow(depth, what);
    return build(source, what);
  }
  return parseHtml(source, what);
}

/**
 * Parses HTML, whole or a fragment.
 * @throws {DocumentError} `document/damaged`
 */
export function parseHtml(source: string, what: string): MarkupDocument {
  requireShallow(scanXml(source.replace(VOID_TAG, '')).depth, what);
  const page = /<(html|body)[\s>]/i.test(source) ? source : `<html><body>${source}</body></html>`;
  return buildHtml(page);
}

const VOID_TAG = /<(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b[^>]*>/gi;

function build(source: string, what: string): MarkupDocument {
  const document = buildXml(withNumericEntities(source));
  if (!document) throw damaged(`${what} holds nothing`);
  return document;
}

function requireShallow(depth: number, what: string): void {
  if (depth > MAX_DEPTH) throw damaged(`${what} nests ${depth} elements; up to ${MAX_DEPTH} are read`);
}

function damaged(what: string): DocumentError {
  return new DocumentError('document/damaged', `This book is damaged: ${what}.`, {
    advice: 'Get the file again, or from another source.',
  });
}

/** Decodes by byte order mark, else by the XML declaration, else as UTF-8. */
export function decodeXml(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const stated = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(stated).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Takes out the document type with all it declares: entity bombs live there. */
function withoutDoctype(source: string): string {
  const start = source.search(/<!DOCTYPE/i);
  if (start < 0) return source;
  const bracket = source.indexOf('[', start);
  const close = source.indexOf('>', start);
  if (close < 0) return source.slice(0, start);
  if (bracket < 0 || bracket > close) return source.slice(0, start) + source.slice(close + 1);
  const subsetEnd = source.indexOf(']', bracket);
  const end = subsetEnd < 0 ? -1 : source.indexOf('>', subsetEnd);
  return end < 0 ? source.slice(0, start) : source.slice(0, start) + source.slice(end + 1);
}

/** XHTML may use the named characters of HTML (`&nbsp;`), which an XML parser does not know. */
function withNumericEntities(source: string): string {
  const names = new Set<string>();
  for (const [, name] of source.matchAll(/&([A-Za-z][A-Za-z0-9]{1,31});/g)) {
    if (name && !XML_ENTITIES.has(name)) names.add(name);
    if (names.size >= MAX_ENTITY_NAMES) break;
  }
  if (names.size === 0) return source;
  const list = [...names];
  const { body } = buildHtml(`<html><body>${list.map((name) => `<i>&${name};</i>`).join('')}</body></html>`);
  const characters = new Map<string, string>();
  for (const [index, element] of elementsOf(body, 'i').entries()) {
    const decoded = element.textContent;
    if (!decoded.startsWith('&')) characters.set(list[index]!, decoded);
  }
  return source.replace(/&([A-Za-z][A-Za-z0-9]{1,31});/g, (whole, name: string) => {
    const decoded = characters.get(name);
    return decoded ? Array.from(decoded, (character) => `&#${character.codePointAt(0)};`).join('') : whole;
  });
}

const XML_ENTITIES = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);
