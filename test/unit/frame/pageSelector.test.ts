import { describe, expect, it } from 'vitest';
import { pageSelector } from '../../../src/frame/flow/bookSheet.ts';

describe('pageSelector', () => {
  it.each([
    ['body', '.book'],
    ['html', '.book'],
    [':root', '.book'],
    ['html body', '.book'],
    ['html > body > p', '.book > p'],
    ['body.fixed', '.book.fixed'],
    ['body p, h1', '.book p, h1'],
    ['#b1.fixed', '#b1.fixed'],
    ['.body, tbody td', '.body, tbody td'],
    ['p.html', 'p.html'],
  ])('makes of %s %s', (selector, wanted) => {
    expect(pageSelector(selector)).toBe(wanted);
  });
});
