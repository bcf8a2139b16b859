import { describe, expect, it } from 'vitest';
import { calibrationSequences } from '#engine/explore/calibrationSequences.ts';
import { repeatPassages } from '#engine/explore/repeatPassages.ts';
import { seededRandom } from '#engine/explore/seededRandom.ts';

const book = Array.from({ length: 20_000 }, (_, i) => i);

describe('repeatPassages', () => {
  it('says a passage again and lets the text go on', () => {
    const woven = repeatPassages(book, 14, [{ at: 6, distance: 4, tokens: 3 }]);
    expect(woven).toEqual([0, 1, 2, 3, 4, 5, 2, 3, 4, 6, 7, 8, 9, 10]);
  });

  it('can repeat what was itself repeated', () => {
    const repeats = [
      { at: 4, distance: 4, tokens: 2 },
      { at: 8, distance: 4, tokens: 2 },
    ];
    expect(repeatPassages(book, 10, repeats)).toEqual([0, 1, 2, 3, 0, 1, 4, 5, 0, 1]);
  });

  it('refuses a passage that is not there yet, and too little prose', () => {
    expect(() => repeatPassages(book, 20, [{ at: 3, distance: 4, tokens: 2 }])).toThrow(RangeError);
    expect(() => repeatPassages(book, 20, [{ at: 9, distance: 2, tokens: 4 }])).toThrow(RangeError);
    expect(() => repeatPassages(book.slice(0, 5), 20, [])).toThrow('the prose has 5 tokens, 20 were needed');
  });
});

describe('calibrationSequences', () => {
  const sequences = calibrationSequences(book, { tokens: 3000, queriesPerKind: 6, random: seededRandom(11) });

  it('takes stretches from all over the book', () => {
    expect(sequences).toHaveLength(4);
    sequences.forEach(({ ids }, i) => {
      expect(ids).toHaveLength(3000);
      expect(ids[0]).toBeGreaterThanOrEqual(i * 5000);
      expect(ids[0]).toBeLessThanOrEqual(i * 5000 + 2000);
    });
  });

  it('samples copying where a token was said before, far behind the window, and prose where it was not', () => {
    for (const { ids, queries } of sequences) {
      expect(queries.filter(({ kind }) => kind === 'copy')).toHaveLength(6);
      expect(queries.filter(({ kind }) => kind === 'prose')).toHaveLength(6);
      for (const { kind, position } of queries) {
        const earlier = ids.indexOf(ids[position]!);
        if (kind === 'prose') expect(earlier).toBe(position);
        else expect(position - earlier).toBeGreaterThanOrEqual(700);
        expect(position).toBeGreaterThanOrEqual(1024);
      }
    }
  });

  it('keeps its repeats and queries inside short sequences, too', () => {
    const short = calibrationSequences(book, { tokens: 1536, queriesPerKind: 6, random: seededRandom(11) });
    for (const { ids, queries } of short) {
      expect(ids).toHaveLength(1536);
      expect(queries).toHaveLength(12);
      for (const { kind, position } of queries) {
        const earlier = ids.indexOf(ids[position]!);
        // Behind the window of 256 and the block of 128 tokens that a sample is made for.
        if (kind === 'copy') expect(position - earlier).toBeGreaterThanOrEqual(368);
        expect(position).toBeGreaterThanOrEqual(537);
        expect(position).toBeLessThan(1536);
      }
    }
  });

  it('is the same for the same seed', () => {
    expect(calibrationSequences(book, { tokens: 3000, queriesPerKind: 6, random: seededRandom(11) })).toEqual(
      sequences,
    );
  });
});
