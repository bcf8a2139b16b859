import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeProgram } from '#cli/program.ts';
import type { AnswerEvent } from '#shared/domain/index.ts';
import { tinyGguf } from '../../fixtures/tinyGguf.ts';

const model = tinyGguf({ type: 'Q8_0', contextTokens: 4_096 });
const TEXT = 'The sea was calm. A ship came home, and the people of the town went down to see it. '.repeat(10);

class Lines extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

describe('proxima ask', () => {
  const before = process.env['PROXIMA_HOME'];
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'proxima-cli-'));
    process.env['PROXIMA_HOME'] = home;
    writeFileSync(join(home, 'sea.txt'), TEXT);
  });
  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, 'PROXIMA_HOME');
    else process.env['PROXIMA_HOME'] = before;
    rmSync(home, { recursive: true, force: true });
  });

  /** @returns the event that ended the answer */
  async function ask(question: string, ...flags: string[]): Promise<AnswerEvent> {
    const terminal = { out: new Lines(), err: new Lines() } as never;
    const program = makeProgram(terminal, new AbortController().signal, () => undefined);
    const file = join(home, 'sea.txt');
    await program.parseAsync(['ask', file, question, '--full', '--json', '--model', model, ...flags], { from: 'user' });
    const lines = (terminal as { out: Lines }).out.text.trim().split('\n');
    return JSON.parse(lines.at(-1)!) as AnswerEvent;
  }

  it('reads a document once, however often it is started', async () => {
    expect(await ask('Who comes home from the sea?')).toMatchObject({ type: 'finished', reusedTokens: 0 });
    const again = await ask('Which people went down to the ship?');
    expect(again.type === 'finished' && again.reusedTokens).toBeGreaterThan(700);
  });

  it('leaves the cache alone with --no-cache', async () => {
    await ask('Who comes home from the sea?', '--no-cache');
    expect(existsSync(join(home, 'cache'))).toBe(false);
    await ask('Who comes home from the sea?');
    expect(await ask('Who comes home from the sea?', '--no-cache')).toMatchObject({ reusedTokens: 0 });
  });
});
