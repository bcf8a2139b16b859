/** What a book's style sheet may refer to: turns a reference into a path of the container, or null. */
export type CssResources = (reference: string) => string | null;

/** At-rules that hold rules of their own. */
const NESTING = new Set(['media', 'supports', 'layer', 'container']);
/** At-rules that hold declarations, or key frames. */
const DECLARING = new Set(['font-face', 'keyframes', '-webkit-keyframes', 'counter-style']);
/** Functions that load, or once ran script. */
const LOADING = /(?:image-set|image|cross-fade|element|src|expression|paint)\s*\(/i;
const FORBIDDEN_PROPERTY = /^(?:behavior|-moz-binding)$/i;
const MAX_NESTING = 8;

/**
 * Lets through of a book's CSS what changes its looks and nothing that loads from outside:
 * no `@import`, no `url()` but those `resources` knows (written as
 * `url("resource:PATH")`, where the frame puts the app's own address), no fixed positions, no escapes outside strings that
 * could hide any of these. What is not understood is left out.
 */
export function filterCss(source: string, resources: CssResources): string {
  return filterRules(withoutComments(source), resources, 0);
}

/** The same for the declarations of a `style` attribute. */
export function filterDeclarations(source: string, resources: CssResources): string {
  return splitTopLevel(withoutComments(source), ';')
    .flatMap((declaration) => filterDeclaration(declaration, resources) ?? [])
    .join('; ');
}

function filterRules(source: string, resources: CssResources, depth: number): string {
  let css = '';
  for (const { prelude, block } of rulesOf(source)) {
    // A statement without a block: @import, @charset, @namespace.
    if (block === null || /[<\\]/.test(prelude)) continue;
    const name = /^@([\w-]+)/.exec(prelude)?.[1]?.toLowerCase();
    if (name === undefined) css += rule(prelude, filterDeclarations(block, resources));
    else if (NESTING.has(name)) {
      if (depth < MAX_NESTING) css += rule(prelude, filterRules(block, resources, depth + 1));
    } else if (DECLARING.has(name)) {
      const isFrames = name.endsWith('keyframes');
      if (depth < MAX_NESTING) {
        css += rule(
          prelude,
          isFrames ? filterRules(block, resources, depth + 1) : filterDeclarations(block, resources),
        );
      }
    }
  }
  return css;
}

const rule = (prelude: string, body: string): string => (body === '' ? '' : `${prelude} { ${body} }\n`);

function filterDeclaration(declaration: string, resources: CssResources): string | null {
  const colon = declaration.indexOf(':');
  if (colon < 0) return null;
  const property = declaration.slice(0, colon).trim();
  const value = declaration.slice(colon + 1).trim();
  if (!/^-{0,2}[a-zA-Z][\w-]*$/.test(property) || FORBIDDEN_PROPERTY.test(property) || value === '') return null;
  const outsideStrings = value.replace(STRING, '""');
  const isHidden = /[\\<{}@]/.test(outsideStrings.replace(/url\([^)]*\)/gi, '')) || value.includes('</');
  if (isHidden || LOADING.test(outsideStrings)) return null;
  if (property.toLowerCase() === 'position' && /fixed|sticky/i.test(value)) return null;
  const safe = replaceUrls(value, resources);
  return safe === null ? null : `${property}: ${safe}`;
}

const STRING = /"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/g;
const URL_FUNCTION = /url\(\s*(?:"([^"\\]*)"|'([^'\\]*)'|([^"'()\\\s]*))\s*\)/gi;

/** Null when any `url()` is not a resource of the container, or is written so that it cannot be read. */
function replaceUrls(value: string, resources: CssResources): string | null {
  const count = value.match(/url\s*\(/gi)?.length ?? 0;
  let known = 0;
  const replaced = value.replace(URL_FUNCTION, (_, double?: string, single?: string, bare?: string) => {
    const path = resources(double ?? single ?? bare ?? '');
    if (path === null || /["'()\\\n<>]/.test(path)) return '';
    known += 1;
    return `url("resource:${path}")`;
  });
  return known === count ? replaced : null;
}

function withoutComments(source: string): string {
  return source
    .replace(/<!--|-->/g, ' ')
    .replace(/"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|\/\*[^]*?(?:\*\/|$)/g, (part) =>
      part.startsWith('/*') ? ' ' : part,
    );
}

interface Rule {
  readonly prelude: string;
  readonly block: string | null;
}

function* rulesOf(source: string): Generator<Rule> {
  let start = 0;
  for (let index = 0; index < source.length; index++) {
    const character = source[index]!;
    if (character === '"' || character === "'") index = endOfString(source, index);
    else if (character === ';') {
      yield { prelude: source.slice(start, index).trim(), block: null };
      start = index + 1;
    } else if (character === '{') {
      const end = endOfBlock(source, index);
      yield { prelude: source.slice(start, index).trim(), block: source.slice(index + 1, end) };
      start = end + 1;
      index = end;
    } else if (character === '}') start = index + 1;
  }
}

function splitTopLevel(source: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let index = 0; index < source.length; index++) {
    const character = source[index]!;
    if (character === '"' || character === "'") index = endOfString(source, index);
    else if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (character === '{') index = endOfBlock(source, index);
    else if (character === separator && depth === 0) {
      parts.push(source.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(source.slice(start));
  return parts;
}

/** Index of the closing quote, or of the line break where CSS gives a string up. */
function endOfString(source: string, start: number): number {
  const quote = source[start];
  for (let index = start + 1; index < source.length; index++) {
    if (source[index] === '\\') index += 1;
    else if (source[index] === quote || source[index] === '\n') return index;
  }
  return source.length;
}

function endOfBlock(source: string, start: number): number {
  let depth = 0;
  for (let index = start; index < source.length; index++) {
    const character = source[index]!;
    if (character === '"' || character === "'") index = endOfString(source, index);
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return source.length;
}
