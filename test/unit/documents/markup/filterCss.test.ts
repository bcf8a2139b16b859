import { describe, expect, it } from 'vitest';
import { filterCss, filterDeclarations } from '#documents/markup/filterCss.ts';

const known = (reference: string): string | null => (reference.startsWith('ok') ? `book/${reference}` : null);
const filter = (css: string): string => filterCss(css, known).replace(/\s+/g, ' ').trim();

describe('filterCss', () => {
  it.each([
    ['rules', 'p { color: red; margin: 0 auto }', 'p { color: red; margin: 0 auto }'],
    ['comments out', 'p { /* a */ color: red }', 'p { color: red }'],
    ['media', '@media print { p { color: red } }', '@media print { p { color: red } }'],
    ['known resources', 'p { background: url(ok.png) }', 'p { background: url("resource:book/ok.png") }'],
    ['quoted resources', "p { background: url('ok.png') }", 'p { background: url("resource:book/ok.png") }'],
    [
      'fonts',
      '@font-face { font-family: F; src: url(ok.otf) format("opentype") }',
      '@font-face { font-family: F; src: url("resource:book/ok.otf") format("opentype") }',
    ],
    ['key frames', '@keyframes a { from { color: red } }', '@keyframes a { from { color: red } }'],
    ['strings with escapes', 'p::before { content: "\\2014;}" }', 'p::before { content: "\\2014;}" }'],
  ])('keeps %s', (_, css, expected) => {
    expect(filter(css)).toBe(expected);
  });

  it.each([
    ['imports', '@import "http://e.example/a.css"; @import url(ok.css);'],
    ['outside addresses', 'p { background: url(http://e.example/a.png) }'],
    ['unknown resources', 'p { background: url(other.png) }'],
    ['one good and one bad', 'p { background: url(ok.png), url(//e.example/a) }'],
    ['image sets', 'p { background: image-set("http://e.example/a.png" 1x) }'],
    ['escapes that hide url', 'p { background: \\75 rl(http://e.example/a.png) }'],
    ['unclosed url', 'p { background: url(http://e.example/a.png'],
    ['fixed positions', 'p { position: fixed }'],
    ['old script', 'p { width: expression(alert(1)); behavior: url(ok.htc) }'],
    ['namespaces', '@namespace x url(http://e.example/);'],
    ['ends of style elements', 'p { content: "</style>" }'],
  ])('drops %s', (_, css) => {
    expect(filter(css)).not.toMatch(/e\.example|other|fixed|alert|htc|import|style>/);
  });

  it('parts what a comment parts, so that it makes no url', () => {
    expect(filter('p { background: u/**/rl(http://e.example/a.png) }')).not.toContain('url(');
  });

  it('filters declarations', () => {
    expect(filterDeclarations('color:red;; position:fixed; background:url(x)', known)).toBe('color: red');
  });

  it('takes hostile nesting without trouble', () => {
    expect(filter('@media a {'.repeat(20_000))).toBe('');
    expect(filter('{'.repeat(50_000))).toBe('');
  });
});
