import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveAppUrl } from '#main/protocol/resolveAppUrl.ts';

const origin = 'https://proxima.invalid';
const outDir = join('/app', 'out');
const resolve = (path: string) => resolveAppUrl(origin + path, origin, outDir);

describe('resolveAppUrl', () => {
  it.each([
    ['/', 'window', 'renderer/renderer/index.html'],
    ['/?x=1#y', 'window', 'renderer/renderer/index.html'],
    ['/frame/', 'frame', 'renderer/frame/frame.html'],
  ])('%s is the page of a %s', (path, page, file) => {
    expect(resolve(path)).toEqual({ kind: 'page', page, path: join(outDir, file) });
  });

  it.each([
    ['/assets/window-1.js', 'renderer/assets/window-1.js'],
    ['/frame-assets/pdf.worker.js', 'frame-assets/pdf.worker.js'],
    ['/frame-assets/cmaps/UniGB-UCS2-H.bcmap', 'frame-assets/cmaps/UniGB-UCS2-H.bcmap'],
    ['/assets/a%20b.js', 'renderer/assets/a b.js'],
  ])('%s is an asset', (path, file) => {
    expect(resolve(path)).toEqual({ kind: 'asset', path: join(outDir, file) });
  });

  it.each([
    '/assets/../../../etc/passwd',
    '/assets/%2e%2e/%2e%2e/main/index.js',
    '/assets/..%2f..%2fmain%2findex.js',
    '/assets/..%5c..%5cmain%5cindex.js',
    '/assets/a%00.js',
    '/assets/',
    '/assets/%E0%A4%A',
    '/main/index.js',
    '/renderer/index.html',
    '/frame/frame.html',
    '/bulk/books/%E0%A4%A/file',
    '/bulk/nothing',
    '/favicon.ico',
  ])('%s is nothing', (path) => {
    expect(resolve(path)).toBeNull();
  });

  it('knows bulk addresses and no other origin', () => {
    expect(resolve('/bulk/books/ab/file')).toEqual({ kind: 'bulk', request: { kind: 'file', book: 'ab' } });
    expect(resolveAppUrl('https://proxima.invalid.example.com/', origin, outDir)).toBeNull();
    expect(resolveAppUrl('https://example.com/', origin, outDir)).toBeNull();
  });
});
