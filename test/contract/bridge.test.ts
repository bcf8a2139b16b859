import { expect, it } from 'vitest';
import { createBridge } from '../../src/renderer/bridge/bridge.ts';
import { toReaderError } from '../../src/renderer/bridge/toReaderError.ts';
import { DocumentError, toWire } from '../../src/shared/errors/index.ts';
import { FakeBridge } from '../fakes/fakeBridge.ts';

it('throws what the main process answered, with class, code and advice', async () => {
  const bridge = createBridge(
    new FakeBridge({
      'books.open': () => {
        throw new DocumentError('document/empty', 'The file is empty.', { advice: 'Choose another.' });
      },
    }),
  );
  const error = await bridge.call('books.open', { path: '/a.pdf' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DocumentError);
  expect(error).toMatchObject({ code: 'document/empty', message: 'The file is empty.', advice: 'Choose another.' });
});

it('shows any thrown value and any wire error as an error with an advice', () => {
  const wire = toWire(new DocumentError('document/empty', 'Empty.', { advice: 'Choose another.' }));
  expect(toReaderError(wire)).toBeInstanceOf(DocumentError);
  expect(toReaderError(new TypeError('x is undefined'))).toMatchObject({ code: 'internal', message: 'x is undefined' });
  expect(toReaderError('odd').advice).not.toBe('');
});
