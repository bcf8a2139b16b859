import { describe, expect, it } from 'vitest';
import { parseCfi, resolvePath, writeCfi } from '#documents/epub/cfi.ts';
import { parseXml } from '#documents/markup/parseMarkup.ts';
import { elementsOf } from '#documents/markup/walkElements.ts';

const root = parseXml(
  Buffer.from('<html><head/><body><p>ab<!-- note -->cd<em>ef</em>gh</p><p id="x">ij</p></body></html>'),
  'a document',
).documentElement;
const [first, second] = elementsOf(elementsOf(root)[1]!);
const base = { spineStep: 6, itemStep: 4, idref: 'c1' };

describe('EPUB CFI', () => {
  it('counts text on both sides of a comment as one', () => {
    const [ab, , cd] = [...first!.childNodes];
    const cfi = writeCfi(base, root, { node: ab!, offset: 1 }, { node: cd!, offset: 1 });
    expect(cfi).toBe('epubcfi(/6/4[c1]!/4/2,/1:1,/1:3)');
    const parsed = parseCfi(cfi)!;
    expect(parsed.itemStep).toBe(4);
    expect(resolvePath(root, parsed.start)).toEqual({ node: ab, offset: 1 });
    expect(resolvePath(root, parsed.end)).toEqual({ node: cd, offset: 1 });
  });

  it('believes an id before a number', () => {
    const parsed = parseCfi('epubcfi(/6/4!/4,/20[x]/1:0,/20[x]/1:2)')!;
    expect(resolvePath(root, parsed.end)).toEqual({ node: second!.childNodes[0], offset: 2 });
  });

  it.each(['', 'epubcfi()', 'epubcfi(/6/4!/4)', 'epubcfi(/6/4!/4,/x,/1)', '/6/4'])('refuses %j', (text) => {
    expect(parseCfi(text)).toBeNull();
  });

  it('gives nothing for a path that is not there', () => {
    const parsed = parseCfi('epubcfi(/6/4!/4,/18/1:0,/2/4:1)')!;
    expect(resolvePath(root, parsed.start)).toBeNull();
    expect(resolvePath(root, parsed.end)).toBeNull();
  });
});
