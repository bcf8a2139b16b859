import { describe, expect, it } from 'vitest';
import { sentences } from '#shared/text/index.ts';

const split = (text: string, language?: string): string[] =>
  sentences(text, language ?? null).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it.each([
    ['plain ends', 'It rained. We left!  Why?', ['It rained.', 'We left!', 'Why?']],
    [
      'titles',
      'Mr. Collins was not sensible. Mrs. Bennet sighed.',
      ['Mr. Collins was not sensible.', 'Mrs. Bennet sighed.'],
    ],
    ['saints and streets', 'He lives near St. James. She does not.', ['He lives near St. James.', 'She does not.']],
    ['initials', 'J. S. Bach wrote it. Then he slept.', ['J. S. Bach wrote it.', 'Then he slept.']],
    ['the pronoun I', 'So did I. She left.', ['So did I.', 'She left.']],
    ['latin', 'Many (e.g. Bach) slept. See Fig. 3 there.', ['Many (e.g. Bach) slept.', 'See Fig. 3 there.']],
    ['speech', '\u201cIs he married?\u201d asked she. No.', ['\u201cIs he married?\u201d asked she.', 'No.']],
    ['numbered headings', '1. Introduction', ['1. Introduction']],
    [
      'lines of a page',
      'It was a dark\nand stormy night. The\nrain fell.',
      ['It was a dark\nand stormy night.', 'The\nrain fell.'],
    ],
    ['headings', 'Chapter One\n\nIt was late.', ['Chapter One', 'It was late.']],
    ['nothing', ' \n\n ', []],
  ])('%s', (_, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it('knows languages and survives tags that are none', () => {
    expect(split('Er kam, z.B. Herr M\u00fcller bzw. Frau Abt. Dann ging er.', 'de')).toHaveLength(2);
    expect(
      split('\u543e\u8f29\u306f\u732b\u3067\u3042\u308b\u3002\u540d\u524d\u306f\u307e\u3060\u7121\u3044\u3002', 'ja'),
    ).toHaveLength(2);
    expect(split('One. Two.', 'not a tag')).toHaveLength(2);
  });
});
