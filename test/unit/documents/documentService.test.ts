import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { DocumentService } from '#documents/index.ts';
import type { DocumentCalls } from '#shared/contract/index.ts';
import { bookId, leafIndex } from '#shared/domain/index.ts';
import { CallError, DocumentError, InputError } from '#shared/errors/index.ts';
import { portPair, RpcClient, serveRpc } from '#shared/rpc/index.ts';
import { temporaryFiles } from '../../fixtures/temporaryFiles.ts';
import { textPdf } from '../../fixtures/textPdf.ts';

const write = temporaryFiles();
const services: DocumentService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service[Symbol.asyncDispose]();
});

function client(): RpcClient<DocumentCalls> {
  const { client: near, server } = portPair();
  const service = new DocumentService();
  services.push(service);
  serveRpc<DocumentCalls>(server, service.handlers);
  return new RpcClient<DocumentCalls>(near);
}

const pages = (count: number): Uint8Array => textPdf(Array.from({ length: count }, (_, n) => [`This is page ${n}.`]));

describe('the document service', () => {
  it('opens, reads, anchors and resolves', async () => {
    const calls = client();
    const { id, leaves } = await calls.call('open', { path: write('a.pdf', pages(3)) });
    const texts = await calls.call('read', { book: id, leaves: leaves.map(({ index }) => index) });
    expect(texts.map(({ text }) => text)).toEqual(['This is page 0.', 'This is page 1.', 'This is page 2.']);
    const [anchor] = await calls.call('anchor', { book: id, spans: [{ leaf: leafIndex(1), start: 8, end: 14 }] });
    expect(anchor?.quote).toBe('page 1');
    expect(await calls.call('resolve', { book: id, anchor: anchor! })).toEqual({ leaf: 1, start: 8, end: 14 });
  });

  it('reads a book from where a person is, outwards', async () => {
    const calls = client();
    const { id } = await calls.call('open', { path: write('b.pdf', pages(6)) });
    const order: number[] = [];
    const result = await calls.call(
      'readAll',
      { book: id, from: leafIndex(2), skip: [leafIndex(3)] },
      { onProgress: ({ index }) => void order.push(index) },
    );
    expect(order).toEqual([2, 1, 4, 0, 5]);
    expect(result).toEqual({ leaves: 5 });
  });

  it('waits for a slow listener and stops when told', async () => {
    const calls = client();
    const { id } = await calls.call('open', { path: write('c.pdf', pages(60)) });
    const stop = new AbortController();
    let taken = 0;
    const reading = calls.call(
      'readAll',
      { book: id, from: leafIndex(0) },
      {
        signal: stop.signal,
        onProgress: async () => {
          taken += 1;
          if (taken === 2) stop.abort();
          await new Promise((resolve) => setTimeout(resolve, 5));
        },
      },
    );
    await expect(reading).rejects.toThrow(CallError);
    expect(taken).toBeLessThan(20);
    expect((await calls.call('read', { book: id, leaves: [leafIndex(59)] }))[0]?.text).toBe('This is page 59.');
  });

  it('says what is wrong with a file, and lives on', async () => {
    const calls = client();
    await expect(calls.call('open', { path: write('empty.pdf', '') })).rejects.toThrow(DocumentError);
    await expect(calls.call('read', { book: bookId('0'.repeat(32)), leaves: [] })).rejects.toThrow(InputError);
    expect((await calls.call('open', { path: write('d.txt', 'Still here.') })).title).toBe('d');
  });

  it('opens again what was put aside, unless the file has changed', async () => {
    const calls = client();
    const path = write('first.txt', 'The first book.');
    const { id } = await calls.call('open', { path });
    for (let n = 0; n < 8; n++) await calls.call('open', { path: write(`n${n}.txt`, `Book ${n}.`) });
    expect((await calls.call('read', { book: id, leaves: [leafIndex(0)] }))[0]?.text).toBe('The first book.');
    for (let n = 0; n < 8; n++) await calls.call('open', { path: write(`m${n}.txt`, `Book m${n}.`) });
    writeFileSync(path, 'Another book.');
    await expect(calls.call('read', { book: id, leaves: [leafIndex(0)] })).rejects.toThrow(/has changed/);
    rmSync(path);
    await expect(calls.call('read', { book: id, leaves: [leafIndex(0)] })).rejects.toMatchObject({
      code: 'document/notFound',
    });
  });

  it('forgets a book that is closed', async () => {
    const calls = client();
    const { id } = await calls.call('open', { path: write('e.pdf', pages(1)) });
    await calls.call('close', { book: id });
    await expect(calls.call('read', { book: id, leaves: [leafIndex(0)] })).rejects.toThrow(InputError);
  });
});
