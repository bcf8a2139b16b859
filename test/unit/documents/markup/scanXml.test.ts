import { describe, expect, it } from 'vitest';
import { scanXml } from '#documents/markup/scanXml.ts';

describe('scanXml', () => {
  it.each([
    ['<a><b/><c></c></a>', 2, true],
    ['<?xml version="1.0"?><!-- <x> --><a><![CDATA[<y>]]></a>', 1, true],
    ['<a title="<b>"/>', 0, true],
    ['<a><br></a>', 2, false],
    ['<a><b></a></b>', 2, false],
    ['<a>', 1, false],
    ['<a', 0, false],
    ['text', 0, true],
  ])('%s', (source, depth, isWellFormed) => {
    expect(scanXml(source)).toEqual({ depth, isWellFormed });
  });

  it('takes a second for nothing', () => {
    const before = performance.now();
    scanXml('<!--'.repeat(500_000));
    scanXml('<a>'.repeat(500_000));
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
