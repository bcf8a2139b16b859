import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import type * as Pdfjs from 'pdfjs-dist';

/**
 * pdf.js names `DOMMatrix` when it is loaded, and uses it only to draw. Text needs no
 * drawing, so a class that computes nothing stands in for it instead of a canvas library.
 */
const NoMatrix = class {
  readonly isIdentity = true;
};

let loaded: Promise<typeof Pdfjs> | null = null;

/** Loads pdf.js for text: the build for Node, without a canvas. Once a process. */
export function loadPdfjs(): Promise<typeof Pdfjs> {
  const globals = globalThis as { DOMMatrix?: unknown };
  globals.DOMMatrix ??= NoMatrix;
  loaded ??= import('pdfjs-dist/legacy/build/pdf.mjs');
  return loaded;
}

/** Folders of pdf.js that text extraction reads: character maps of CJK fonts, metrics of the standard fonts. */
export function pdfjsAssets(): { readonly cMapUrl: string; readonly standardFontDataUrl: string } {
  const root = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  return { cMapUrl: join(root, 'cmaps') + sep, standardFontDataUrl: join(root, 'standard_fonts') + sep };
}
