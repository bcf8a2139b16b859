import DOMPurify from 'dompurify';
import { Marked, type Token } from 'marked';

/**
 * Markdown of a model's answer. What a model writes is not trusted: no raw HTML, no pictures,
 * and links only as their words, since an answer must not be able to reach the network.
 */
const markdown = new Marked({
  gfm: true,
  breaks: false,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ text }) => escapeHtml(text),
    link({ tokens }) {
      return this.parser.parseInline(tokens);
    },
  },
});

const ALLOWED_TAGS = [
  ...['p', 'br', 'hr', 'strong', 'em', 'del', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
];

/** A text that grows at its end, cut into blocks; settled ones are never parsed again. */
export interface GrowingBlocks {
  readonly text: string;
  /** Source of each finished block. */
  readonly settled: readonly string[];
  /** Where the block still growing begins. */
  readonly tailStart: number;
}

export const noBlocks: GrowingBlocks = { text: '', settled: [], tailStart: 0 };

/** Takes the text as it is now. Only what lies behind the last settled block is read again. */
export function growBlocks(before: GrowingBlocks, text: string): GrowingBlocks {
  const start = text.startsWith(before.text) ? before : noBlocks;
  const tail = text.slice(start.tailStart);
  const tokens = markdown.lexer(tail);
  // marked may normalise line ends; then positions in its tokens would not be ours, so nothing is settled.
  if (tokens.map((token) => token.raw).join('') !== tail) return { ...start, text };
  const lastBlock = tokens.findLastIndex((token) => token.type !== 'space');
  const finished = tokens.slice(0, Math.max(0, lastBlock));
  const settled = finished.filter((token) => token.type !== 'space').map(rawOf);
  return {
    text,
    settled: settled.length > 0 ? [...start.settled, ...settled] : start.settled,
    tailStart: start.tailStart + finished.reduce((sum, token) => sum + token.raw.length, 0),
  };
}

/** Safe HTML of one block. */
export function renderMarkdown(source: string): string {
  const html = markdown.parse(source, { async: false });
  return DOMPurify.sanitize(html, { ALLOWED_TAGS, ALLOWED_ATTR: ['start', 'align'] });
}

const rawOf = (token: Token): string => token.raw;

function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
