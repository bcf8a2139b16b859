import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { CacheFolder } from '#engine/cache/files/index.ts';
import { sampleCache, samplePlan, sampleText } from '../../../../fixtures/sampleCaches.ts';

vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof FileSystem>()),
  rm: () => Promise.reject(new Error('EROFS: read-only file system')),
}));

it('finds a damaged file that cannot be deleted only once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'proxima-cache-'));
  const key = { model: 'a'.repeat(64), plan: 'b'.repeat(64) };
  const text = sampleText(64);
  const opened = await CacheFolder.open({ folder, capBytes: 2 ** 30, key, plan: samplePlan });
  await opened.save(Int32Array.from(text), sampleCache(text, [64]));
  const [name] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('s'));
  const bytes = readFileSync(join(folder, name!));
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(join(folder, name!), bytes);
  const found = await opened.find([...text, 1]);
  expect(found).not.toBeNull();
  expect(await opened.load(found!, 65)).toBeNull();
  expect(await opened.find([...text, 1])).toBeNull();
  rmSync(folder, { recursive: true });
});
