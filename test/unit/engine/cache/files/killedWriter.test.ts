import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { CacheFolder } from '#engine/cache/files/index.ts';
import { writtenKey, writtenText } from '../../../../fixtures/cacheWriter.ts';
import { feedsOf, filledCache, widePlan } from '../../../../fixtures/sampleCaches.ts';

const TRIES = 20;
const folder = mkdtempSync(join(tmpdir(), 'proxima-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const writer = (): ChildProcess =>
  spawn(process.execPath, [join('test', 'fixtures', 'cacheWriter.ts'), folder], { stdio: 'inherit' });

/** Paths of finished or unfinished files. */
const files = (suffix: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(suffix))
    .map((name) => join(folder, name));

/** Waits until the child's unfinished file has so many bytes, or the child has ended. */
async function partWritten(child: ChildProcess, bytes: number): Promise<void> {
  while (child.exitCode === null) {
    if (files('.part').some((path) => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= bytes)) return;
    await pause(1);
  }
}

describe('a writer that is killed', () => {
  const expected = feedsOf(filledCache(widePlan, writtenText.length), widePlan);

  /** Looks for the text as the next start does: nothing, or exactly what was read; and no leftovers. */
  async function recall(): Promise<boolean> {
    const opened = await CacheFolder.open({ folder, capBytes: 2 ** 30, key: writtenKey, plan: widePlan });
    expect(files('.part')).toEqual([]);
    const found = await opened.find([...writtenText, 1]);
    if (!found) return false;
    const feeds = feedsOf((await opened.load(found, writtenText.length + 1))!, widePlan);
    for (const [name, { data }] of Object.entries(feeds)) {
      const bytes = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
      expect(bytes(data).equals(bytes(expected[name]!.data)), name).toBe(true);
    }
    return true;
  }

  it(`leaves no wrong cache, ${TRIES} times over`, async () => {
    const whole = writer();
    await once(whole, 'exit');
    const wholeBytes = statSync(files('.safetensors')[0]!).size;
    expect(await recall()).toBe(true);
    let interrupted = 0;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      for (const path of files('.safetensors')) rmSync(path);
      const child = writer();
      await partWritten(child, (attempt / TRIES) * wholeBytes);
      const ended = child.exitCode === null ? once(child, 'exit') : null;
      child.kill('SIGKILL');
      await ended;
      if (files('.part').length > 0) interrupted += 1;
      expect(await recall()).toBe(files('.safetensors').length > 0);
    }
    // Now and then the file is finished first; a test in which it always is would prove nothing.
    expect(interrupted).toBeGreaterThan(TRIES / 2);
    await once(writer(), 'exit');
    expect(await recall()).toBe(true);
  }, 120_000);
});
