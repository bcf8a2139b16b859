import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openGguf, sampledModelDigest } from '#engine/gguf/index.ts';
import { temporaryFiles } from '../../../fixtures/temporaryFiles.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';

const write = temporaryFiles();

async function digestOf(path: string): Promise<string> {
  const gguf = await openGguf(path);
  try {
    return await sampledModelDigest(gguf);
  } finally {
    gguf.close();
  }
}

it('tells trainings of one architecture apart, and not copies of one file', async () => {
  const path = tinyGguf();
  const digest = await digestOf(path);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await digestOf(write('copy.gguf', readFileSync(path)))).toBe(digest);
  expect(await digestOf(tinyGguf({ seed: 2 }))).not.toBe(digest);
});

it.each([
  ['the header', (bytes: Buffer) => bytes.indexOf('tiny llama')],
  ['the last row of the last tensor', (bytes: Buffer) => bytes.length - 1],
])('sees a change of %s', async (_, place) => {
  const path = tinyGguf();
  const changed = readFileSync(path);
  const at = place(changed);
  expect(at).toBeGreaterThan(0);
  changed[at] = changed[at]! ^ 1;
  expect(await digestOf(write('changed.gguf', changed))).not.toBe(await digestOf(path));
});
