import { describe, expect, it } from 'vitest';
import {
  CacheBudgetError,
  CallError,
  DeviceError,
  DocumentError,
  EngineError,
  fromWire,
  HostError,
  InputError,
  LibraryError,
  ModelFileError,
  ReaderError,
  toWire,
} from '#shared/errors/index.ts';

const advice = 'Do something else.';

describe('errors on the wire', () => {
  it.each([
    new DocumentError('document/empty', 'a', { advice }),
    new ModelFileError('model/truncated', 'a', { advice }),
    new CacheBudgetError('cache/budget', 'a', { advice }),
    new EngineError('engine/crashed', 'a', { advice, retryable: true }),
    new DeviceError('device/unavailable', 'a', { advice }),
    new InputError('input/empty', 'a', { advice }),
    new LibraryError('library/damaged', 'a', { advice }),
    new CallError('call/unknown', 'a', { advice }),
    new HostError('host/unavailable', 'a', { advice }),
    new ReaderError('internal', 'a', { advice }),
  ])('come back as they were: $name', (error) => {
    const back = fromWire(JSON.parse(JSON.stringify(toWire(error))) as ReturnType<typeof toWire>);
    expect(back.constructor).toBe(error.constructor);
    expect(toWire(back)).toEqual(toWire(error));
  });

  it('name what was not thrown on purpose', () => {
    expect(toWire(new TypeError('x is not a function'))).toMatchObject({
      code: 'internal',
      message: 'x is not a function',
    });
    expect(toWire('plain words')).toMatchObject({ code: 'internal', message: 'plain words' });
  });

  it('know an abort', () => {
    const controller = new AbortController();
    controller.abort();
    expect(toWire(controller.signal.reason)).toMatchObject({ code: 'call/cancelled', retryable: true });
  });
});
