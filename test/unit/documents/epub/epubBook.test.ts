import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { type OpenBook, openDocument } from '#documents/index.ts';
import { leafIndex, type TextSpan } from '#shared/domain/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import { type DomNode, domText } from '#shared/text/index.ts';
import { type EpubParts, epubFile } from '../../../fixtures/epubFile.ts';
import { temporaryFiles } from '../../../fixtures/temporaryFiles.ts';

const write = temporaryFiles();
let count = 0;
const open = (parts: EpubParts): Promise<OpenBook> => openDocument(write(`book${count++}.epub`, epubFile(parts)));
type Parsed = DomNode & { readonly childNodes: ArrayLike<Parsed> };
const textOf = (html: string): string =>
  domText(parseHTML(`<html><body>${html}</body></html>`).document.body as unknown as Parsed).text;

async function leafText(book: OpenBook, leaf: number): Promise<string> {
  return (await book.readLeaf(leafIndex(leaf))).text;
}

describe('an EPUB', () => {
  it('is described by its package and contents', async () => {
    const book = await open({
      chapters: ['<h1>One</h1><p>First.</p>', '<p>Before.</p><h2 id="mid">Middle</h2><p>After.</p>'],
      toc: '<li><a href="text/1.xhtml">One</a><ol><li><a href="text/2.xhtml#mid">Middle</a></li></ol></li><li><a href="gone.xhtml">Gone</a></li>',
      spineAttributes: 'page-progression-direction="rtl"',
    });
    expect(book.info).toMatchObject({ title: 'A Small Book', author: 'Ann Author', language: 'en', direction: 'rtl' });
    expect(book.info.outline).toEqual([
      { title: 'One', depth: 0, target: { leaf: 0, offset: 0 } },
      { title: 'Middle', depth: 1, target: { leaf: 1, offset: 9 } },
      { title: 'Gone', depth: 0, target: null },
    ]);
    expect(book.info.sections.map(({ title, start, end }) => [title, start, end])).toEqual([
      ['One', { leaf: 0, offset: 0 }, { leaf: 1, offset: 9 }],
      ['Middle', { leaf: 1, offset: 9 }, { leaf: 1, offset: Number.MAX_SAFE_INTEGER }],
    ]);
    expect(await leafText(book, 1)).toBe('Before.\n\nMiddle\n\nAfter.');
    expect((await leafText(book, 1)).slice(9, 15)).toBe('Middle');
  });

  it('hands out markup whose text is the plain text of the leaf', async () => {
    const chapter =
      '<p>A&nbsp;b &eacute;<br/>c</p><a id="x"/><table><tr><td>1</td><td>2</td></tr></table><form><p>d</p></form>' +
      '<pre>\n x</pre><ruby>\u6f22<rt>kan</rt></ruby><svg xmlns="http://www.w3.org/2000/svg"><title>t</title><text>s</text></svg><td>e</td>f';
    const book = await open({ chapters: [chapter] });
    const { html } = await book.markup(leafIndex(0));
    const text = await leafText(book, 0);
    expect(text).toContain('A b \u00e9\nc');
    expect(text).toContain('\n\n1 2\n\nd');
    // This parser keeps the line break after <pre>; a browser takes it.
    expect(textOf(html.replaceAll('<pre>\n', '<pre>'))).toBe(text);
  });

  it('carries no script, handler, form, frame or outside address', async () => {
    const book = await open({
      chapters: [
        '<p onclick="a()">x</p><script>b()</script><iframe src="https://e.example/"/><a href="javascript:c()">l</a>' +
          '<a href="data:text/html,d">m</a><img src="https://e.example/i.png" alt="i"/><form action="https://e.example"><input value="v"/>f</form>' +
          '<object data="x"/><svg xmlns="http://www.w3.org/2000/svg" onload="e()"><script>g()</script><foreignObject><p>h</p></foreignObject><image href="https://e.example/j.png"/></svg>' +
          '<p style="background:url(https://e.example/k.png);color:red">n</p><meta http-equiv="refresh" content="0"/><base href="https://e.example/"/>',
      ],
      head: '<style>@import "https://e.example/l.css"; p { color: green; background: url(https://e.example/m.png) }</style><link rel="stylesheet" href="https://e.example/n.css"/>',
    });
    const { html, css } = await book.markup(leafIndex(0));
    expect(html + css).not.toMatch(
      /e\.example|script|onclick|onload|iframe|form|input|object|foreign|meta|base|javascript|data:text/i,
    );
    expect(html).toContain('style="color: red"');
    expect(css).toBe('p { color: green }\n');
  });

  it('leads links and pictures by their place in the book', async () => {
    const book = await open({
      chapters: [
        '<p><a href="2.xhtml#here">in</a> <a href="https://example.org/">out</a> <a href="../../../../etc/passwd">up</a><img src="../img/a%20b.png"/></p>',
        '<p>Some words.</p><p id="here">Here.</p>',
      ],
      more: [
        { name: 'book/img/a b.png', content: 'png' },
        {
          name: 'book/style.css',
          content: '@font-face { font-family: F; src: url(img/a%20b.png) } body { color: navy }',
        },
      ],
      moreItems:
        '<item id="i" href="img/a%20b.png" media-type="image/png"/><item id="s" href="style.css" media-type="text/css"/>',
      head: '<link rel="stylesheet" href="../style.css"/>',
    });
    const { html, css } = await book.markup(leafIndex(0));
    expect(html).toContain('<a data-target="1:13">in</a>');
    expect(html).toContain('<a href="https:&#47;&#47;example.org&#47;">out</a>'.replaceAll('&#47;', '/'));
    expect(html).toContain('<a>up</a>');
    expect(html).toContain('data-resource="book/img/a b.png"');
    expect(css).toContain('body { color: navy }');
    const resource = await book.resource('book/img/a b.png');
    expect(resource?.mediaType).toBe('image/png');
    expect(Buffer.from(resource!.bytes).toString()).toBe('png');
    expect(await book.resource('META-INF/container.xml')).toBeNull();
    expect(await book.resource('../../etc/passwd')).toBeNull();
  });

  it('anchors by EPUB CFI and finds the words again', async () => {
    const book = await open({
      chapters: ['<p>Zero</p>', '<h1>T</h1><p id="p,1">One <i>two</i> three. One two.</p><p>Four</p>'],
    });
    const text = await leafText(book, 1);
    const span: TextSpan = { leaf: leafIndex(1), start: text.indexOf('ne two'), end: text.indexOf('ee.') };
    const anchor = await book.anchor(span);
    expect(anchor?.place).toEqual({
      format: 'epub',
      href: 'book/text/2.xhtml',
      cfi: 'epubcfi(/6/4[c2]!/4/4[p^,1],/1:1,/3:4)',
    });
    expect(await book.resolve(anchor!)).toEqual(span);
    const second = { leaf: leafIndex(1), start: text.lastIndexOf('One two'), end: text.lastIndexOf('One two') + 7 };
    expect(await book.resolve((await book.anchor(second))!)).toEqual(second);
    const elsewhere = { ...anchor!, quote: 'not in there' };
    expect(await book.resolve(elsewhere)).toBeNull();
  });

  it('reads old HTML that is no XML', async () => {
    const book = await open({ chapters: ['<p>One<br>two<p>three & four'] });
    expect(await leafText(book, 0)).toBe('One\ntwo\n\nthree & four');
  });
});

describe('a hostile EPUB', () => {
  const refusal = async (parts: EpubParts): Promise<DocumentError> => {
    const error: unknown = await open(parts).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DocumentError);
    return error as DocumentError;
  };

  it('cannot unpack more than a book needs', async () => {
    const bomb = Buffer.alloc(65 * 1024 * 1024);
    expect(await refusal({ chapters: ['a'], more: [{ name: 'bomb', content: bomb }] })).toMatchObject({
      code: 'document/tooLarge',
    });
    // The same, with a header that says it is small.
    const book = await open({
      chapters: ['a'],
      more: [{ name: 'book/bomb', content: bomb, statedBytes: 10 }],
      moreItems: '<item id="b" href="bomb" media-type="image/png"/>',
    });
    await expect(book.resource('book/bomb')).rejects.toMatchObject({ code: 'document/damaged' });
  });

  it('cannot hold ten thousand parts', async () => {
    const more = Array.from({ length: 10_001 }, (_, index) => ({ name: `${index}`, content: '' }));
    expect(await refusal({ chapters: ['a'], more })).toMatchObject({ code: 'document/tooLarge' });
  });

  it('cannot name a part outside itself', async () => {
    expect(await refusal({ chapters: ['a'], more: [{ name: '../../evil', content: 'x' }] })).toMatchObject({
      code: 'document/damaged',
      message: expect.stringContaining('../../evil') as string,
    });
  });

  it('cannot multiply entities', async () => {
    const prolog =
      '<!DOCTYPE html [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>';
    const book = await open({ chapters: ['<p>x &b; &c; y</p>'], prolog });
    expect(await leafText(book, 0)).toBe('x &b; &c; y');
  });

  it('cannot nest without end', async () => {
    const deep = '<b>'.repeat(100_000) + 'x' + '</b>'.repeat(100_000);
    const book = await open({ chapters: ['<p>fine</p>', deep] });
    const before = performance.now();
    expect(await book.readLeaf(leafIndex(1))).toMatchObject({ text: '', source: 'unreadable' });
    expect(performance.now() - before).toBeLessThan(2000);
    expect(await leafText(book, 0)).toBe('fine');
  });

  it('says that copy protection is in the way', async () => {
    const encryption = (algorithm: string, path: string): EpubParts => ({
      chapters: ['<p>a</p>'],
      more: [
        {
          name: 'META-INF/encryption.xml',
          content: `<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData><enc:EncryptionMethod Algorithm="${algorithm}"/><enc:CipherData><enc:CipherReference URI="${path}"/></enc:CipherData></enc:EncryptedData></encryption>`,
        },
      ],
    });
    const aes = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc';
    expect(await refusal(encryption(aes, 'book/text/1.xhtml'))).toMatchObject({ code: 'document/protected' });
    const font = await open(encryption('http://www.idpf.org/2008/embedding', 'book/font.otf'));
    expect(await leafText(font, 0)).toBe('a');
  });

  it('refuses an EPUB with nothing to read', async () => {
    expect(await refusal({ chapters: [] })).toMatchObject({ code: 'document/damaged' });
  });
});
