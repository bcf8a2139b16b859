import * as linkedom from 'linkedom';
import type { MarkupDocument, MarkupElement } from './markupDom.ts';

/** linkedom, by the parts used here: its own types need the library of a browser. */
interface Linkedom {
  readonly DOMParser: new () => { parseFromString(source: string, mediaType: 'text/xml'): Partial<MarkupDocument> };
  readonly parseHTML: (source: string) => { readonly document: MarkupDocument & { readonly body: MarkupElement } };
}

const { DOMParser, parseHTML } = linkedom as unknown as Linkedom;

/** Null when the source holds no element. */
export function buildXml(source: string): MarkupDocument | null {
  const document = new DOMParser().parseFromString(source, 'text/xml');
  return document.documentElement ? (document as MarkupDocument) : null;
}

/** Always gives a page with a body. */
export function buildHtml(source: string): MarkupDocument & { readonly body: MarkupElement } {
  return parseHTML(source).document;
}
