import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openDocument } from '#documents/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import { epubFile } from '../../fixtures/epubFile.ts';
import { temporaryFiles } from '../../fixtures/temporaryFiles.ts';
import { textPdf } from '../../fixtures/textPdf.ts';
import { zipFile } from '../../fixtures/zipFile.ts';

const write = temporaryFiles();
const encryptedPdf = join(import.meta.dirname, '../../fixtures/encrypted.pdf');
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(path: string, password?: string): Promise<Awaited<ReturnType<typeof openDocument>>> {
  const book = await openDocument(path, { password });
  closing.push(() => book.close());
  return book;
}

async function refusal(path: string, password?: string): Promise<DocumentError> {
  const error: unknown = await open(path, password).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DocumentError);
  return error as DocumentError;
}

describe('openDocument', () => {
  it('goes by content, not by name', async () => {
    expect((await open(write('a.txt', textPdf([['Hello']])))).info.format).toBe('pdf');
    expect((await open(write('b.pdf', epubFile({ chapters: ['<p>Hello</p>'] })))).info.format).toBe('epub');
    expect((await open(write('c.epub', 'Plain words.'))).info.format).toBe('text');
  });

  it('finds a PDF behind junk', async () => {
    const junk = Buffer.concat([Buffer.from('junk before the header\n'), textPdf([['Hello']])]);
    expect((await open(write('junk.bin', junk))).info.format).toBe('pdf');
  });

  it('names a book by its bytes', async () => {
    const one = (await open(write('one.txt', 'The same.'))).info.id;
    const other = (await open(write('other.txt', 'The same.'))).info.id;
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(other).toBe(one);
    expect((await open(write('third.txt', 'Not the same.'))).info.id).not.toBe(one);
  });

  it.each([
    ['a missing file', () => '/nowhere/at/all.pdf', 'document/notFound', /no file at \/nowhere/],
    ['a folder', () => import.meta.dirname, 'document/notFound', /not a file/],
    ['an empty file', () => write('empty.pdf', ''), 'document/empty', /empty/],
    ['white space', () => write('white.txt', ' \n\n '), 'document/noText', /white space/],
    ['a picture', () => write('p.pdf', Buffer.from('89504e470d0a1a0a0000', 'hex')), 'document/unknownFormat', /PNG/],
    ['bytes', () => write('b.txt', Buffer.from([1, 0, 2, 0, 0, 3, 4, 5])), 'document/unknownFormat', /neither a PDF/],
    [
      'half a PDF',
      () => write('half.pdf', textPdf([['Hello']]).subarray(0, 300)),
      'document/damaged',
      /damaged or cut off/,
    ],
    ['a PDF header alone', () => write('head.pdf', '%PDF-1.7\n'), 'document/damaged', /damaged or cut off/],
    [
      'a zip that is no EPUB',
      () => write('z.epub', zipFile([{ name: 'a', content: 'b' }])),
      'document/unknownFormat',
      /zip archive, not an EPUB/,
    ],
    [
      'a Word document',
      () => write('w.epub', zipFile([{ name: 'word/document.xml', content: '<x/>' }])),
      'document/unknownFormat',
      /Word document/,
    ],
    [
      'half an EPUB',
      () => write('h.epub', epubFile({ chapters: ['<p>a</p>'] }).subarray(0, 700)),
      'document/damaged',
      /cut off/,
    ],
  ])('refuses %s with a sentence and advice', async (_, path, code, message) => {
    const error = await refusal(path());
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(error.advice).toMatch(/\.$/);
  });

  it('asks for the password of an encrypted PDF and takes it', async () => {
    expect(await refusal(encryptedPdf)).toMatchObject({
      code: 'document/encrypted',
      message: expect.stringMatching(/needs a password/) as string,
    });
    expect(await refusal(encryptedPdf, 'wrong')).toMatchObject({
      code: 'document/encrypted',
      message: expect.stringMatching(/does not open with/) as string,
    });
    const book = await open(encryptedPdf, 'open-sesame');
    expect((await book.readLeaf(book.info.leaves[0]!.index)).text).toBe('A secret page.');
  });

  it('leaves a file as it was', async () => {
    const bytes = textPdf([['Hello']]);
    const path = write('kept.pdf', bytes);
    await (await openDocument(path)).close();
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });
});
