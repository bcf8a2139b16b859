import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appProtocol } from '#main/protocol/appProtocol.ts';
import { InputError, type WireError } from '#shared/errors/index.ts';

const origin = 'app://proxima';

describe('appProtocol', () => {
  const outDir = mkdtempSync(join(tmpdir(), 'proxima-out-'));
  const book = join(outDir, 'book.pdf');
  const answer = appProtocol({
    origin,
    outDir,
    bulk: {
      bookFile: (id) => {
        if (id === ('ab' as never)) return book;
        throw new InputError('input/unknownBook', `No open book has the id ${id}.`, { advice: 'Open the file again.' });
      },
      markup: () => Promise.resolve({ html: '<p>text</p>', css: '' }),
      resource: (_book, href) =>
        Promise.resolve(href === 'a.svg' ? { mediaType: 'image/svg+xml', bytes: Buffer.from('<svg/>') } : null),
      mapTile: () => Promise.reject(new Error('no engine')),
    },
  });
  const get = (path: string, headers = {}, method = 'GET'): Promise<Response> =>
    answer(new Request(origin + path, { headers, method }));

  beforeAll(() => {
    mkdirSync(join(outDir, 'renderer/renderer'), { recursive: true });
    mkdirSync(join(outDir, 'renderer/assets'));
    writeFileSync(join(outDir, 'renderer/renderer/index.html'), '<!doctype html>');
    writeFileSync(join(outDir, 'renderer/assets/window.js'), 'start();');
    writeFileSync(book, '0123456789');
  });
  afterAll(() => rmSync(outDir, { recursive: true }));

  it('sends pages with their policy and assets with their type', async () => {
    const page = await get('/');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toBe('<!doctype html>');
    const asset = await get('/assets/window.js');
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
    expect(asset.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('serves a book whole and in ranges', async () => {
    const whole = await get('/bulk/books/ab/file');
    expect([whole.status, whole.headers.get('accept-ranges'), await whole.text()]).toEqual([
      200,
      'bytes',
      '0123456789',
    ]);
    const part = await get('/bulk/books/ab/file', { range: 'bytes=2-4' });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234']);
    const outside = await get('/bulk/books/ab/file', { range: 'bytes=10-' });
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */10']);
  });

  it('answers a failure with its code and advice', async () => {
    const unknown = await get('/bulk/books/cd/file');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      code: 'input/unknownBook',
      advice: 'Open the file again.',
    } satisfies Partial<WireError>);
    const broken = await get('/bulk/answers/x/map/0');
    expect(broken.status).toBe(500);
    expect(await broken.json()).toMatchObject({ code: 'internal', message: 'no engine' });
  });

  it('lets a part of a book do nothing when it is opened by itself', async () => {
    const picture = await get('/bulk/books/ab/resource/a.svg');
    expect(picture.headers.get('content-type')).toBe('image/svg+xml');
    expect(picture.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect((await get('/bulk/books/ab/resource/b.svg')).status).toBe(404);
  });

  it('only reads', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
    expect((await get('/nothing')).status).toBe(404);
    const head = await get('/bulk/books/ab/file', {}, 'HEAD');
    expect([head.headers.get('content-length'), await head.text()]).toEqual(['10', '']);
  });
});
