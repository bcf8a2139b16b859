import { describe, expect, it } from 'vitest';
import { quoteMatch } from '#shared/text/index.ts';

function found(text: string, quote: string, near?: number): string | null {
  const range = quoteMatch(text, quote, near === undefined ? {} : { near });
  return range && text.slice(range.start, range.end);
}

describe('quoteMatch', () => {
  it.each([
    ['white space', 'a dark\n and  stormy night', 'dark and stormy', 'dark\n and  stormy'],
    ['quotation marks and case', 'said \u201cCall me\u201d to her', '"call Me"', 'Call me'],
    ['dashes', 'the end\u2014or not', 'end - or not', 'end\u2014or not'],
    ['hyphens at line ends', 'the atten-\ntion given', 'attention', 'atten-\ntion'],
    ['ligatures', 'an e\ufb03cient \ufb01x', 'efficient fix', 'e\ufb03cient \ufb01x'],
    ['accents', 'the caf\u00e9 there', 'cafe\u0301', 'caf\u00e9'],
    ['full stops left out', 'Mr. Collins bowed.', 'Mr Collins', 'Mr. Collins'],
    ['scripts without spaces', '\u543e\u8f29\u306f\u732b\u3067\u3042\u308b', '\u732b\u3067', '\u732b\u3067'],
  ])('does not mind %s', (_, text, quote, expected) => {
    expect(found(text, quote)).toBe(expected);
  });

  it.each([
    ['other words', 'Mr. Collins bowed', 'Mr. Darcy'],
    ['half words', 'the therapist left', 'rapist left'],
    ['words run together', 'she went nowhere today', 'now here today'],
    ['words torn apart', 'she is now here today', 'nowhere today'],
    ['other numbers', 'it costs 15 pounds', 'costs 1.5 pounds'],
    ['words out of order', 'a stormy dark night', 'dark stormy'],
    ['no words at all', 'a ... b', '...'],
    ['one letter', 'a b c', 'b'],
    ['numbers alone', 'in 1813', '1813'],
  ])('does not find %s', (_, text, quote) => {
    expect(found(text, quote)).toBeNull();
  });

  it('takes the nearest of several places', () => {
    const text = 'the whale. the whale. the whale.';
    expect(quoteMatch(text, 'the whale')?.start).toBe(0);
    expect(quoteMatch(text, 'the whale', { near: 12 })?.start).toBe(11);
    expect(quoteMatch(text, 'the whale', { near: 99 })?.start).toBe(22);
  });
});
