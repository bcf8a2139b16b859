import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxima-library-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a library in a process of its own, at the given time so that all open it together. */
function openAt(time: number): Promise<string> {
  const script = `
    const { openLibrary } = await import(${JSON.stringify(new URL('../../../src/library/index.ts', import.meta.url).href)});
    while (Date.now() < ${time}) {}
    const library = openLibrary(${JSON.stringify(join(folder, 'library.sqlite'))});
    console.log(library.damage?.message ?? 'sound');
    library.dispose();`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (output += String(chunk)));
    child.on('close', () => resolve(output.trim()));
  });
}

test('processes that make the same new library at once all get it', async () => {
  for (let round = 0; round < 3; round++) {
    rmSync(join(folder, 'library.sqlite'), { force: true });
    const time = Date.now() + 1500;
    const results = await Promise.all(Array.from({ length: 4 }, () => openAt(time)));
    expect(results).toEqual(['sound', 'sound', 'sound', 'sound']);
  }
});
