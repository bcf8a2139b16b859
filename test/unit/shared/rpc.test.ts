import { describe, expect, it } from 'vitest';
import { DocumentError, ReaderError } from '#shared/errors/index.ts';
import { MAX_UNREAD_REPORTS } from '#shared/rpc/callMap.ts';
import { type Handlers, portPair, RpcClient, serveRpc } from '#shared/rpc/index.ts';

interface TestCalls {
  double: { in: number; out: number; progress: never };
  countTo: { in: number; out: string; progress: number };
  fail: { in: null; out: never; progress: never };
  hang: { in: null; out: string; progress: never };
}

function connect(overrides: Partial<Handlers<TestCalls>> = {}) {
  const pair = portPair();
  const aborted: string[] = [];
  serveRpc<TestCalls>(pair.server, {
    double: (input) => input * 2,
    countTo: async (input, { report }) => {
      for (let count = 1; count <= input; count++) await report(count);
      return 'done';
    },
    fail: () => {
      throw new DocumentError('document/damaged', 'Found no page tree; a PDF needs one.', {
        advice: 'Get the file again.',
      });
    },
    hang: (_input, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted.push('hang');
          resolve('stopped');
        });
      }),
    ...overrides,
  });
  return { client: new RpcClient<TestCalls>(pair.client), aborted, close: pair.close };
}

describe('calls between processes', () => {
  it('carries a result back', async () => {
    await expect(connect().client.call('double', 21)).resolves.toBe(42);
  });

  it('keeps calls apart that run at the same time', async () => {
    const { client } = connect();
    const results = await Promise.all([1, 2, 3, 4].map((value) => client.call('double', value)));
    expect(results).toEqual([2, 4, 6, 8]);
  });

  it('rebuilds the class, code and advice of what the far side threw', async () => {
    const error: unknown = await connect()
      .client.call('fail', null)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DocumentError);
    expect(error).toMatchObject({ code: 'document/damaged', advice: 'Get the file again.' });
  });

  it('reports in order', async () => {
    const seen: number[] = [];
    await connect().client.call('countTo', 40, { onProgress: (count) => void seen.push(count) });
    expect(seen).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  it('lets a handler run ahead of a slow listener by no more than the limit', async () => {
    let sent = 0;
    const release: (() => void)[] = [];
    const { client } = connect({
      countTo: async (input, { report }) => {
        for (let count = 1; count <= input; count++) {
          sent = count;
          await report(count);
        }
        return 'done';
      },
    });
    const call = client.call('countTo', 100, {
      onProgress: () => new Promise<void>((resolve) => release.push(resolve)),
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toBe(MAX_UNREAD_REPORTS);
    const timer = setInterval(() => release.splice(0).forEach((resume) => resume()), 1);
    await expect(call).resolves.toBe('done');
    clearInterval(timer);
  });

  it('aborts the handler when the caller stops waiting', async () => {
    const { client, aborted } = connect();
    const controller = new AbortController();
    const call = client.call('hang', null, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: 'call/cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(aborted).toEqual(['hang']);
  });

  it('fails running and later calls when the far side is gone, and aborts its handlers', async () => {
    const { client, aborted, close } = connect();
    const call = client.call('hang', null);
    await new Promise((resolve) => setTimeout(resolve, 5));
    close();
    await expect(call).rejects.toMatchObject({ code: 'call/disconnected', retryable: true });
    await expect(client.call('double', 1)).rejects.toMatchObject({ code: 'call/disconnected' });
    expect(aborted).toEqual(['hang']);
  });

  it('refuses a name it does not know, also one that every object has', async () => {
    const { client } = connect();
    const error: unknown = await client.call('toString' as 'double', 1).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ReaderError);
    expect(error).toMatchObject({ code: 'call/unknown' });
  });
});
