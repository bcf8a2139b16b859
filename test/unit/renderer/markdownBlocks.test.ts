// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { growBlocks, noBlocks, renderMarkdown } from '../../../src/renderer/features/ask/markdownBlocks.ts';

const text = 'First *paragraph*.\n\n- one\n- two\n\n```\ncode\n\nstill code\n```\n\nLast.';

it('grows to the same blocks whatever the pieces, and settles each block once', () => {
  for (const step of [1, 3, 7]) {
    let blocks = noBlocks;
    for (let end = step; end < text.length + step; end += step) {
      const next = growBlocks(blocks, text.slice(0, end));
      // What was settled stays the very same: React need not look at it again.
      expect(next.settled.slice(0, blocks.settled.length)).toEqual(blocks.settled);
      blocks = next;
    }
    expect(blocks.settled).toHaveLength(3);
    expect(text.slice(blocks.tailStart)).toBe('Last.');
  }
});

it('starts anew when the text is another one', () => {
  const blocks = growBlocks(growBlocks(noBlocks, 'A.\n\nB.'), 'C.');
  expect(blocks).toEqual({ text: 'C.', settled: [], tailStart: 0 });
});

it('keeps pictures, links, scripts and raw HTML out', () => {
  const html = renderMarkdown(
    '![pixel](https://example.org/p.png) [here](https://example.org) <img src=x onerror=alert(1)> <script>alert(1)</script> **bold**',
  );
  const box = document.createElement('div');
  box.innerHTML = html;
  expect(box.querySelectorAll('img, a, script, iframe')).toHaveLength(0);
  expect(box.querySelector('strong')?.textContent).toBe('bold');
  expect(box.textContent).toContain('here');
});
