import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { openDocument } from '#documents/index.ts';
import { detectEncoding } from '#documents/text/detectEncoding.ts';
import { leafIndex } from '#shared/domain/index.ts';
import { type DomNode, domText, sentences } from '#shared/text/index.ts';
import { temporaryFiles } from '../../../fixtures/temporaryFiles.ts';

const write = temporaryFiles();
type Parsed = DomNode & { readonly childNodes: ArrayLike<Parsed> };
const textOf = (html: string): string =>
  domText(parseHTML(`<html><body>${html}</body></html>`).document.body as unknown as Parsed).text;

describe('detectEncoding', () => {
  it.each([
    ['UTF-8', Buffer.from('na\u00efve'), 'utf-8'],
    ['a byte order mark', Buffer.from('\ufeffa'), 'utf-8'],
    ['UTF-16', Buffer.from('\ufeffa', 'utf16le'), 'utf-16le'],
    ['UTF-16 without a mark', Buffer.from('plain words', 'utf16le'), 'utf-16le'],
    ['UTF-16 the other way round', Buffer.from('plain words', 'utf16le').swap16(), 'utf-16be'],
    ['old Western text', Buffer.from('na\u00efve', 'latin1'), 'windows-1252'],
    ['bytes', Buffer.from([0, 1, 2, 3, 4, 250, 0, 7]), null],
  ])('knows %s', (_, bytes, encoding) => {
    expect(detectEncoding(bytes)).toBe(encoding);
  });
});

describe('a plain text', () => {
  it('is read in any usual encoding', async () => {
    for (const encoding of ['utf8', 'utf16le', 'latin1'] as const) {
      const book = await openDocument(
        write(`${encoding}.txt`, Buffer.from('Caf\u00e9\r\n\r\nna\u00efve words\n', encoding)),
      );
      expect((await book.readLeaf(leafIndex(0))).text).toBe('Caf\u00e9\n\nna\u00efve words');
    }
  });

  it('is cut into leaves of 400 lines, and anchors by line and column', async () => {
    const lines = Array.from({ length: 900 }, (_, n) => (n === 700 ? '' : `Line ${n + 1} of the text.`));
    const book = await openDocument(write('long.txt', lines.join('\n')));
    expect(book.info.leaves.map(({ label }) => label)).toEqual([
      'lines 1\u2013400',
      'lines 401\u2013800',
      'lines 801\u2013900',
    ]);
    const { text } = await book.readLeaf(leafIndex(1));
    const span = { leaf: leafIndex(1), start: text.indexOf('702 of'), end: text.indexOf('702 of') + 6 };
    const anchor = await book.anchor(span);
    expect(anchor).toMatchObject({ quote: '702 of', place: { format: 'text', line: 702, column: 6 } });
    expect(await book.resolve(anchor!)).toEqual(span);
    const { html } = await book.markup(leafIndex(1));
    expect(textOf(html.replace('<pre>\n', '<pre>'))).toBe(text);
  });

  it('escapes what looks like markup', async () => {
    const book = await openDocument(write('markup.txt', '<script>alert(1)</script> & more'));
    expect((await book.markup(leafIndex(0))).html).not.toContain('<script');
    expect((await book.readLeaf(leafIndex(0))).text).toBe('<script>alert(1)</script> & more');
  });
});

describe('a Markdown text', () => {
  const source =
    '# Title\n\nSome *marked* words.\n\n## Second part\n\n- one\n- two\n\nSee [above](#title) or [out](https://example.org/).\n';

  it('is laid out by its marks, with an outline', async () => {
    const book = await openDocument(write('a.md', source));
    expect(book.info).toMatchObject({ format: 'markdown', title: 'Title' });
    const { text } = await book.readLeaf(leafIndex(0));
    expect(text).toBe('Title\n\nSome marked words.\n\nSecond part\n\none\n\ntwo\n\nSee above or out.');
    expect(book.info.outline).toEqual([
      { title: 'Title', depth: 0, target: { leaf: 0, offset: 0 } },
      { title: 'Second part', depth: 1, target: { leaf: 0, offset: text.indexOf('Second') } },
    ]);
    const { html } = await book.markup(leafIndex(0));
    expect(textOf(html)).toBe(text);
    expect(html).toContain('data-target="0:0"');
    expect(html).toContain('href="https://example.org/"');
  });

  it('anchors sentences by the line they are written on', async () => {
    const book = await openDocument(write('b.md', source));
    const { text } = await book.readLeaf(leafIndex(0));
    for (const range of sentences(text)) {
      const anchor = await book.anchor({ leaf: leafIndex(0), ...range });
      expect(anchor && (await book.resolve(anchor))).toEqual({ leaf: 0, ...range });
    }
    const start = text.indexOf('marked');
    expect((await book.anchor({ leaf: leafIndex(0), start, end: start + 12 }))?.place).toEqual({
      format: 'text',
      line: 3,
      column: 7,
    });
  });

  it('runs nothing of the HTML in it', async () => {
    const book = await openDocument(
      write('c.md', 'a <img src=x onerror=alert(1)> b\n\n<script>alert(2)</script>\n\n[l](javascript:alert(3))\n'),
    );
    expect((await book.markup(leafIndex(0))).html).not.toMatch(/alert|script|onerror/);
  });

  it('that nests without end is shown as plain text', async () => {
    const book = await openDocument(write('deep.md', `${'> '.repeat(5000)}x\n`));
    expect((await book.readLeaf(leafIndex(0))).text).toContain('x');
  });
});
