import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeProgram } from '#cli/program.ts';
import type { PlanDocument } from '#engine/explore/index.ts';
import { openLibrary } from '#library/index.ts';
import { defaultPolicy } from '#shared/domain/index.ts';
import { tinyGguf } from '../../fixtures/tinyGguf.ts';
import { calibrationProse } from '../engine/explore/calibrationProse.ts';

const model = tinyGguf({ contextTokens: 4_096 });

class Lines extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

describe('proxima explore', { timeout: 60_000 }, () => {
  const before = process.env['PROXIMA_HOME'];
  const home = mkdtempSync(join(tmpdir(), 'proxima-cli-'));
  const book = join(home, 'a book.txt');
  beforeAll(() => {
    process.env['PROXIMA_HOME'] = home;
    writeFileSync(book, calibrationProse(200));
    writeFileSync(join(home, 'sea.txt'), 'The sea was calm. A ship came home.');
  });
  afterEach(() => rmSync(join(home, 'plans'), { recursive: true, force: true }));
  afterAll(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, 'PROXIMA_HOME');
    else process.env['PROXIMA_HOME'] = before;
    rmSync(home, { recursive: true, force: true });
  });

  async function proxima(args: readonly string[], signal = new AbortController().signal) {
    const terminal = { out: new Lines(), err: new Lines() };
    let code: number | null = null;
    const program = makeProgram(terminal, signal, (exitCode) => {
      code = exitCode;
    });
    await program.parseAsync([...args, '--model', model], { from: 'user' });
    return { code, out: terminal.out.text, err: terminal.err.text };
  }
  const explore = (...flags: string[]) => proxima(['explore', '--text', book, ...flags]);
  const policyOf = async () => {
    const { out } = await proxima(['complete', '--prompt', 'The sea', '--tokens', '2', '--json']);
    return (JSON.parse(out.trim().split('\n').at(-1)!) as { policy: string }).policy;
  };

  it('makes a plan that is used from then on, and tells what each saving costs', async () => {
    expect(await policyOf()).toBe('dense');
    const { code, out, err } = await explore('--saving', '0.5', '--window', '300');
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toMatch(/dropped +leaders +kept heads +prose +copying +answering/);
    expect(out.match(/^ *\*.*$/gm)).toEqual([expect.stringMatching(/^\* +50\.0% +\d +\d( +\d+\.\d\d%){3}$/)]);
    const [name] = readdirSync(join(home, 'plans'));
    expect(err).toContain(join(home, 'plans', name!));
    const { made, plan } = JSON.parse(readFileSync(join(home, 'plans', name!), 'utf8')) as PlanDocument;
    expect(plan.windowTokens).toBe(300);
    expect(made.texts).toEqual(['a book.txt']);
    expect(made.command).toBe(
      'npm run -s proxima -- explore --model tiny.gguf --saving 0.5 --window 300 --text "a book.txt"',
    );
    expect(await policyOf()).toBe(defaultPolicy);
  });

  it('writes elsewhere when told to, as JSON too', async () => {
    const planPath = join(home, 'own', 'plan.json');
    const { out } = await explore('--leaders', '3', '--protect', '1', '--out', planPath, '--json');
    const event = JSON.parse(out) as Record<string, unknown>;
    expect(event).toMatchObject({ type: 'plan', planPath, keysDropped: 0.125 });
    expect(event['savings']).toContainEqual(expect.objectContaining({ keysDropped: 0.5 }));
    expect(existsSync(planPath)).toBe(true);
    expect(existsSync(join(home, 'plans'))).toBe(false);
  });

  it('leaves no plan when it is stopped, says that the work is kept, and tells the library nothing', async () => {
    const terminal = { out: new Lines(), err: new Lines() };
    const stopped = makeProgram(terminal, AbortSignal.abort(), () => undefined).parseAsync(
      ['explore', '--text', book, '--model', model],
      { from: 'user' },
    );
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(terminal.err.text).toContain('the same command goes on from there');
    expect(existsSync(join(home, 'plans'))).toBe(false);
    const library = openLibrary(join(home, 'library.sqlite'));
    expect(library.books.list()).toEqual([]);
    library.dispose();
  });
});
