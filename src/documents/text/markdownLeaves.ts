import { lexer, parser, type Token, type TokensList } from 'marked';
import { type DomText, domText } from '#shared/text/index.ts';
import type { MarkupElement, MarkupNode } from '../markup/markupDom.ts';
import { parseHtml } from '../markup/parseMarkup.ts';
import { elementsOf, findElement, lineOf } from '../markup/walkElements.ts';

/** A block of Markdown: a paragraph, a heading, a list. */
export interface MarkdownBlock {
  /** The block as it is written. */
  readonly source: string;
  /** Line of the file it begins on, counted from 1. */
  readonly line: number;
  readonly html: string;
  /** 1 to 6 for a heading, else null. */
  readonly headingDepth: number | null;
}

/** A run of blocks that is laid out at once. */
export interface MarkdownLeaf {
  readonly blocks: readonly MarkdownBlock[];
  readonly firstLine: number;
  readonly lastLine: number;
}

/** A leaf with its markup built: one element for each block. */
export interface BuiltLeaf {
  readonly body: MarkupElement;
  readonly dom: DomText<MarkupNode>;
  readonly elements: readonly MarkupElement[];
}

/** From so many lines on, the next chapter begins a new leaf; from so many, any block does. */
const CHAPTER_LINES = 100;
const MAX_LINES = 400;

/** Reads Markdown (CommonMark and GitHub's tables and lists, through marked) and cuts it into leaves. */
export function markdownLeaves(text: string): MarkdownLeaf[] {
  const leaves: MarkdownLeaf[] = [];
  let blocks: MarkdownBlock[] = [];
  const close = (): void => {
    const [first, last] = [blocks[0], blocks.at(-1)];
    if (first && last)
      leaves.push({ blocks, firstLine: first.line, lastLine: last.line + lineBreaks(last.source.trimEnd()) });
    blocks = [];
  };
  const tokens = lexer(text);
  let line = 1;
  for (const token of tokens) {
    const lines = line - (blocks[0]?.line ?? line);
    const isChapter = token.type === 'heading' && (token as { depth: number }).depth <= 2;
    if (lines >= MAX_LINES || (isChapter && lines >= CHAPTER_LINES)) close();
    const html = render(token, tokens);
    if (html.trim() !== '') {
      const headingDepth = token.type === 'heading' ? (token as { depth: number }).depth : null;
      blocks.push({ source: token.raw, line, html, headingDepth });
    }
    line += lineBreaks(token.raw);
  }
  close();
  return leaves;
}

/** Builds the markup of a leaf, still as the file has it: it is sanitised when it is written. */
export function buildLeaf(leaf: MarkdownLeaf): BuiltLeaf {
  // A stray end tag in a block must not close its wrapper, so each block is parsed by itself.
  const html = leaf.blocks.map((block) => `<div>${balanced(block.html)}</div>`).join('');
  const document = parseHtml(`<html><body>${html}</body></html>`, 'this Markdown');
  const body = findElement(document, 'body') ?? document.documentElement;
  return { body, dom: domText<MarkupNode>(body), elements: elementsOf(body) };
}

/** Text of a heading without its marks. */
export function headingTitle(block: MarkdownBlock): string {
  return lineOf(parseHtml(block.html, 'a heading').documentElement) ?? 'Untitled';
}

function balanced(html: string): string {
  if (!/<\/(?:div|body|html)\b/i.test(html)) return html;
  const body = findElement(parseHtml(`<html><body>${html}</body></html>`, 'a block'), 'body');
  return body ? [...body.childNodes].map(String).join('') : '';
}

function render(token: Token, tokens: TokensList): string {
  return parser(Object.assign([token], { links: tokens.links }));
}

function lineBreaks(text: string): number {
  return text.split('\n').length - 1;
}
