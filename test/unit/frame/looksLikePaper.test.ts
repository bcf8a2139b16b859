import { describe, expect, it } from 'vitest';
import { looksLikePaper } from '../../../src/frame/pdf/keepPictures.ts';

const pixels = (...colours: (readonly [number, number, number])[]): number[] =>
  colours.flatMap(([red, green, blue]) => [red, green, blue, 255]);

describe('looksLikePaper', () => {
  it('takes a scanned page with some ink for paper', () => {
    expect(looksLikePaper(pixels([250, 249, 245], [245, 244, 240], [248, 248, 248], [90, 90, 90]))).toBe(true);
  });

  it('takes a photograph for none', () => {
    expect(looksLikePaper(pixels([120, 80, 60], [200, 180, 90], [40, 60, 120], [90, 140, 70]))).toBe(false);
  });

  it('takes bright colours for none', () => {
    expect(looksLikePaper(pixels([255, 240, 120], [255, 245, 130], [255, 250, 100], [250, 240, 110]))).toBe(false);
  });
});
