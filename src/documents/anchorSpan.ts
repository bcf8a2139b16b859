import type { Anchor, TextSpan } from '#shared/domain/index.ts';
import { quoteMatch } from '#shared/text/index.ts';

/** The span without white space at its ends and inside the text; null when nothing is left. */
export function trimSpan(text: string, span: TextSpan): TextSpan | null {
  let start = Math.max(0, span.start);
  let end = Math.min(text.length, span.end);
  while (start < end && /\s/.test(text[start]!)) start += 1;
  while (end > start && /\s/.test(text[end - 1]!)) end -= 1;
  return end > start ? { leaf: span.leaf, start, end } : null;
}

/**
 * Settles where an anchor's words are, given where its place leads: there, if the words
 * are there; else at the nearest place of the leaf that has them; else nowhere.
 */
export function settleSpan(
  text: string,
  quote: string,
  found: { readonly start: number; readonly end: number } | null,
): { readonly start: number; readonly end: number } | null {
  if (found && text.slice(found.start, found.end) === quote) return found;
  const near = found?.start ?? 0;
  let exact = -1;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (exact >= 0 && Math.abs(exact - near) <= Math.abs(at - near)) break;
    exact = at;
  }
  if (exact >= 0) return { start: exact, end: exact + quote.length };
  return quoteMatch(text, quote, { near });
}

/** Whether the way from an anchor's place back to the text ends where it began. */
export function isRoundTrip(anchor: Anchor, back: { readonly start: number; readonly end: number } | null): boolean {
  return back?.start === anchor.span.start && back.end === anchor.span.end;
}
