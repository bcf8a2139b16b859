import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { AnswerPrinter } from '#cli/answerPrinter.ts';
import { formatBytes, formatDuration } from '#cli/formatSizes.ts';
import { printJson } from '#cli/jsonPrinter.ts';
import { pageRange } from '#cli/pageRange.ts';
import { ProgressLine, type Terminal } from '#cli/terminal.ts';
import { type AnswerEvent, leafIndex } from '#shared/domain/index.ts';
import { memoryBook } from '../../fakes/memoryDocuments.ts';

class Recorder extends Writable {
  text = '';
  readonly isTTY: boolean;
  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const terminal = (isTTY = false): Terminal & { readonly out: Recorder; readonly err: Recorder } => ({
  out: new Recorder(),
  err: new Recorder(isTTY),
});

const cache = { policy: 'pod', planId: 'p' } as Extract<AnswerEvent, { type: 'finished' }>['cache'];
const finished: AnswerEvent = {
  type: 'finished',
  reason: 'stop',
  text: 'He is.',
  notFound: false,
  unsupportedWords: [],
  promptTokens: 1_035,
  newTokens: 22,
  reusedTokens: 0,
  prefillMs: 8_400,
  decodeMs: 900,
  cacheBytes: 5 * 2 ** 20,
  denseBytes: 20 * 2 ** 20,
  denseFp16Bytes: 10 * 2 ** 20,
  policy: 'pod',
  device: 'cpu',
  deviceReason: 'The processor, with 2 cores.',
  cache,
};

describe('AnswerPrinter', () => {
  test('keeps the answer on the output and everything about it on the error stream', () => {
    const to = terminal();
    const printer = new AnswerPrinter(to);
    printer.print({ type: 'token', text: 'He ', ids: [1] });
    printer.print({ type: 'token', text: 'is.', ids: [2] });
    printer.print(finished);
    expect(to.out.text).toBe('He is.\n');
    expect(to.err.text).toContain('Read 1,035 tokens in 8 s');
    expect(to.err.text).toContain('5.0 MiB');
    expect(to.err.text).not.toContain('dropped');
    expect(to.err.text).toContain('(50% saved)');
  });

  test('tells when the weights were adapted to the plan', () => {
    const [plain, adapted] = [terminal(), terminal()];
    new AnswerPrinter(plain).print(finished);
    new AnswerPrinter(adapted).print({ ...finished, cache: { ...cache, adapter: { sha256: 'ab'.repeat(32) } } });
    expect(plain.err.text).toContain('Cache (pod): ');
    expect(adapted.err.text).toContain('Cache (pod, adapted weights): ');
  });

  test('says how much of the text a policy dropped', () => {
    const to = terminal();
    new AnswerPrinter(to).print({ ...finished, cache: { ...cache, droppedTokens: 1_200 } });
    expect(to.err.text).toContain('1,200 tokens were dropped');
  });

  test('tells apart what was read now and before', () => {
    const to = terminal();
    new AnswerPrinter(to).print({ ...finished, reusedTokens: 896 });
    expect(to.err.text).toContain('Read 139 tokens (and 896 before) in 8 s');
  });

  test('says that the engine was started anew, and begins the answer on a line of its own', () => {
    const to = terminal();
    const printer = new AnswerPrinter(to);
    printer.print({ type: 'token', text: 'He wa', ids: [1] });
    printer.print({ type: 'restarted', statement: 'It is started anew.' });
    printer.print({ type: 'token', text: 'He is.', ids: [2] });
    expect(to.out.text).toBe('He wa\nHe is.');
    expect(to.err.text).toBe('It is started anew.\n');
  });

  test('says that the device failed, and goes on with the answer', () => {
    const to = terminal();
    const printer = new AnswerPrinter(to);
    printer.print({ type: 'token', text: 'He ', ids: [1] });
    printer.print({ type: 'deviceFailed', device: 'cpu', statement: 'The processor goes on.' });
    printer.print({ type: 'token', text: 'is.', ids: [2] });
    expect(to.out.text).toBe('He is.');
    expect(to.err.text).toBe('\nThe processor goes on.\n');
  });

  test('lists evidence with place and quote, and what to doubt', () => {
    const to = terminal();
    const printer = new AnswerPrinter(to);
    const place = { format: 'text', line: 3, column: 1 } as const;
    const anchor = { span: { leaf: 0, start: 0, end: 4 }, quote: 'He was\ntall.', place } as never;
    printer.print({ type: 'cited', evidence: { anchor, label: 'line 3', attentionShare: 0.2, kind: 'attended' } });
    printer.print({ ...finished, unsupportedWords: ['Nemo'] });
    expect(to.out.text).toContain('line 3 (attended, 20%): “He was tall.”');
    expect(to.err.text).toContain('Doubt this: Nemo');
  });

  test('a failure is one sentence with its advice', () => {
    const to = terminal();
    const error = {
      code: 'document/empty',
      message: 'It is empty.',
      advice: 'Choose another.',
      retryable: false,
    } as const;
    new AnswerPrinter(to).print({ type: 'failed', error });
    expect(to.err.text).toBe('It is empty. Choose another.\n');
    expect(to.out.text).toBe('');
  });
});

test('printJson puts the type first, on one line', () => {
  const to = terminal();
  printJson(to, { sequence: 4, type: 'cancelled' } as never);
  expect(to.out.text).toBe('{"type":"cancelled","sequence":4}\n');
});

describe('ProgressLine', () => {
  test('rewrites itself on a terminal and leaves nothing', () => {
    const to = terminal(true);
    const line = new ProgressLine(to);
    line.show('Reading');
    line.clear();
    expect(to.err.text).toBe('\r\u001b[2KReading\r\u001b[2K');
  });

  test('does not flood a log', () => {
    const to = terminal();
    const line = new ProgressLine(to);
    for (let step = 0; step < 100; step++) line.show(`step ${step}`);
    expect(to.err.text).toBe('step 0\n');
  });
});

describe('pageRange', () => {
  const info = memoryBook('B', [
    { title: 'I', text: '' },
    { title: 'II', text: '' },
    { title: 'III', text: '' },
  ]);
  test.each([
    ['2', 1, 1],
    ['1-3', 0, 2],
  ])('%s', (text, first, last) => expect(pageRange(text, info)).toEqual({ kind: 'leaves', first, last }));

  test('pages are what the document calls them, as answers cite them', () => {
    const labels = ['i', 'ii', '1', '2', '3'];
    const leaves = labels.map((label, index) => ({ index: leafIndex(index), label }));
    const pdf = { ...info, format: 'pdf' as const, leaves };
    expect(pageRange('ii-1', pdf)).toEqual({ kind: 'leaves', first: 1, last: 2 });
    expect(pageRange('2-3', pdf)).toEqual({ kind: 'leaves', first: 3, last: 4 });
    expect(pageRange('5', pdf)).toEqual({ kind: 'leaves', first: 4, last: 4 });
  });

  test.each(['0', '4', '3-2', 'x', '1-', '-2', '', '1-9'])('%j is refused with the pages there are', (text) => {
    expect(() => pageRange(text, info)).toThrow(
      expect.objectContaining({ code: 'input/invalid', message: expect.stringContaining('1 to 3') as unknown }),
    );
  });
});

test('sizes and times are short', () => {
  expect([500, 1.5 * 2 ** 20, 491e6, 3 * 2 ** 30].map(formatBytes)).toEqual(['0 KiB', '1.5 MiB', '468 MiB', '3.0 GiB']);
  expect([400, 59_400, 130_000].map(formatDuration)).toEqual(['0 s', '59 s', '2 min 10 s']);
});
