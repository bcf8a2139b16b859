import { isElement, type MarkupElement, type MarkupNode } from '../markup/markupDom.ts';
import { elementsOf, walkElements } from '../markup/walkElements.ts';

/** A boundary inside a content document: a text node and an offset in its data. */
export interface TextBoundary {
  readonly node: MarkupNode;
  readonly offset: number;
}

/** Where the spine item of a document stands in its package, as EPUB CFI counts. */
export interface CfiBase {
  readonly spineStep: number;
  readonly itemStep: number;
  readonly idref: string;
}

interface Step {
  readonly index: number;
  readonly id: string | null;
}

interface Path {
  readonly steps: readonly Step[];
  readonly offset: number | null;
}

/** A range CFI taken apart: the document's place in the spine, and the two paths inside it. */
export interface ParsedCfi {
  readonly itemStep: number;
  readonly start: Path;
  readonly end: Path;
}

/**
 * Writes a range as an EPUB CFI (EPUB Canonical Fragment Identifiers 1.1, sections 2 and
 * 2.4): even numbers count elements, odd ones the text between them, ids are given as
 * assertions, and the common beginning of both paths is written once.
 */
export function writeCfi(base: CfiBase, root: MarkupElement, start: TextBoundary, end: TextBoundary): string {
  const from = pathTo(root, start);
  const to = pathTo(root, end);
  let common = 0;
  const longest = Math.min(from.steps.length, to.steps.length) - 1;
  while (common < longest && from.steps[common]!.index === to.steps[common]!.index) common += 1;
  const head = `/${base.spineStep}/${base.itemStep}${assertion(base.idref)}!${stepsText(from.steps.slice(0, common))}`;
  return `epubcfi(${head},${tail(from, common)},${tail(to, common)})`;
}

const tail = (path: Path, common: number): string => `${stepsText(path.steps.slice(common))}:${path.offset ?? 0}`;
const stepsText = (steps: readonly Step[]): string =>
  steps.map(({ index, id }) => `/${index}${assertion(id)}`).join('');
const assertion = (id: string | null): string => (id ? `[${id.replace(/[\^[\](),;=]/g, '^$&')}]` : '');

/** Takes a range CFI apart; null when it is none. */
export function parseCfi(cfi: string): ParsedCfi | null {
  const body = /^epubcfi\((.*)\)$/.exec(cfi)?.[1];
  const [common, start, end] = body === undefined ? [] : splitUnescaped(body, ',');
  if (common === undefined || start === undefined || end === undefined) return null;
  const [packagePath, documentPath] = splitUnescaped(common, '!');
  const itemStep = packagePath === undefined ? undefined : parsePath(packagePath)?.steps.at(-1)?.index;
  const from = parsePath((documentPath ?? '') + start);
  const to = parsePath((documentPath ?? '') + end);
  return itemStep === undefined || !from || !to ? null : { itemStep, start: from, end: to };
}

/** Finds the text a path leads to; null when the document has changed too much. */
export function resolvePath(root: MarkupElement, path: Path): TextBoundary | null {
  let parent: MarkupElement = root;
  for (const step of path.steps.slice(0, -1)) {
    const child = elementAt(root, parent, step);
    if (!child) return null;
    parent = child;
  }
  const last = path.steps.at(-1);
  if (!last || last.index % 2 === 0) return null;
  let rest = path.offset ?? 0;
  let found: TextBoundary | null = null;
  for (const node of textChunk(parent, (last.index - 1) / 2)) {
    const length = node.nodeValue?.length ?? 0;
    found = { node, offset: Math.min(rest, length) };
    if (rest <= length) return found;
    rest -= length;
  }
  return found;
}

function pathTo(root: MarkupElement, { node, offset }: TextBoundary): Path {
  const steps: Step[] = [];
  let elementsBefore = 0;
  let charactersBefore = 0;
  const parent = node.parentNode ?? root;
  for (const sibling of parent.childNodes) {
    if (sibling === node) break;
    if (sibling.nodeType === 1) {
      elementsBefore += 1;
      charactersBefore = 0;
    } else if (isText(sibling)) charactersBefore += sibling.nodeValue?.length ?? 0;
  }
  steps.push({ index: 2 * elementsBefore + 1, id: null });
  for (
    let element = parent;
    element !== root && isElement(element) && element.parentNode;
    element = element.parentNode
  ) {
    const position = elementsOf(element.parentNode).indexOf(element);
    steps.push({ index: 2 * (position + 1), id: element.getAttribute('id') });
  }
  return { steps: steps.reverse(), offset: charactersBefore + offset };
}

/** An id is believed before a number: it survives edits in front of it. */
function elementAt(root: MarkupElement, parent: MarkupElement, { index, id }: Step): MarkupElement | null {
  const counted = index % 2 === 0 ? elementsOf(parent)[index / 2 - 1] : undefined;
  if (id === null || counted?.getAttribute('id') === id) return counted ?? null;
  for (const element of walkElements(root)) if (element.getAttribute('id') === id) return element;
  return counted ?? null;
}

/** The text nodes between two neighbouring elements: those after the first `elementsBefore`. */
function* textChunk(parent: MarkupElement, elementsBefore: number): Generator<MarkupNode> {
  let seen = 0;
  for (const child of parent.childNodes) {
    if (child.nodeType === 1) seen += 1;
    else if (seen === elementsBefore && isText(child)) yield child;
    if (seen > elementsBefore) return;
  }
}

const isText = (node: MarkupNode): boolean => node.nodeType === 3 || node.nodeType === 4;

function parsePath(text: string): Path | null {
  const match = /^((?:\/\d+(?:\[(?:[^\]^]|\^.)*\])?)+)(?::(\d+)(?:\[(?:[^\]^]|\^.)*\])?)?$/.exec(text);
  if (!match?.[1]) return null;
  const steps = [...match[1].matchAll(/\/(\d+)(?:\[((?:[^\]^]|\^.)*)\])?/g)].map(([, index, id]) => ({
    index: Number(index),
    id: id === undefined ? null : id.replace(/\^(.)/g, '$1'),
  }));
  return { steps, offset: match[2] === undefined ? null : Number(match[2]) };
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts = [''];
  for (let index = 0; index < text.length; index++) {
    if (text[index] === separator) parts.push('');
    else {
      const length = text[index] === '^' ? 2 : 1;
      parts.push((parts.pop() ?? '') + text.slice(index, index + length));
      index += length - 1;
    }
  }
  return parts;
}
