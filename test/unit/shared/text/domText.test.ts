import { Window } from 'happy-dom';
import { DOMParser, parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { type DomNode, domText, offsetOfBoundary, offsetOfNode } from '#shared/text/index.ts';

type Parsed = DomNode & {
  readonly childNodes: ArrayLike<Parsed>;
  querySelector(selector: string): Parsed | null;
};

/** The same markup in two parsers: what is counted in the document process holds in a window. */
function bodies(html: string): Parsed[] {
  const window = new Window();
  window.document.body.innerHTML = html;
  return [
    parseHTML(`<html><body>${html}</body></html>`).document.body as unknown as Parsed,
    window.document.body as unknown as Parsed,
  ];
}

function texts(html: string): string[] {
  return [...new Set(bodies(html).map((body) => domText(body).text))];
}

describe('domText', () => {
  it.each([
    ['blocks are parted by a blank line', '<h1>One</h1><p>Two</p>\n  <p>three</p>', 'One\n\nTwo\n\nthree'],
    ['white space collapses across elements', '<p>  a \n <b> b</b>  c </p>', 'a b c'],
    ['a line break is one', '<p>Shall I compare<br>  thee</p>', 'Shall I compare\nthee'],
    ['no-break spaces are spaces and stay', '<p>Mr.&nbsp;Collins</p>', 'Mr. Collins'],
    ['soft hyphens and word joiners vanish', '<p>ship&shy;wreck\u2060\u2014ho</p>', 'shipwreck\u2014ho'],
    ['of ruby the base is read', '<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>', '漢字'],
    ['preformatted text stays as it is', '<p>a</p><pre>  x\n\n  y</pre>', 'a\n\n  x\n\n  y'],
    ['table cells are parted', '<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>', '1 2\n\n3'],
    ['machinery is not read', '<p>a<script>b()</script><style>p{}</style>c</p>', 'ac'],
    ['comments are not read', '<p>a<!-- b -->c</p>', 'ac'],
  ])('%s', (_, html, expected) => {
    expect(texts(html)).toEqual([expected]);
  });

  it('leads from text to nodes and back', () => {
    for (const body of bodies('<p>Call  me <i>Ishmael</i>.</p>')) {
      const dom = domText(body);
      const start = dom.text.indexOf('me Ish');
      const ranges = dom.map.rangesOf(start, start + 6);
      expect(ranges.map(({ source, start, end }) => source.nodeValue!.slice(start, end))).toEqual(['me ', 'Ish']);
      expect(ranges[0]!.start).toBe(6);
      for (const { source, start: from } of ranges) expect(dom.map.offsetOf(source, from)).not.toBeNull();
      expect(dom.map.offsetOf(ranges[1]!.source, 0)).toBe(start + 3);
    }
  });

  it('tells where elements begin, also empty ones, and turns range boundaries into offsets', () => {
    for (const body of bodies('<p>One</p><a id="here"></a><p id="two">Two</p>')) {
      const dom = domText(body);
      expect(offsetOfNode(dom, body.querySelector('#here')!)).toBe(5);
      expect(offsetOfNode(dom, body.querySelector('#two')!)).toBe(5);
      expect(offsetOfBoundary(dom, body, 0)).toBe(0);
      expect(offsetOfBoundary(dom, body, 2)).toBe(5);
      expect(offsetOfBoundary(dom, body, 3)).toBe(8);
      expect(offsetOfBoundary(dom, body.querySelector('#two')!.childNodes[0]!, 2)).toBe(7);
    }
  });

  it('reads XHTML with prefixes and CDATA', () => {
    const xhtml = '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>a</h:p><h:p><![CDATA[b < c]]></h:p></h:div>';
    const document = new DOMParser().parseFromString(xhtml, 'text/xml');
    expect(domText(document.documentElement as unknown as Parsed).text).toBe('a\n\nb < c');
  });
});
