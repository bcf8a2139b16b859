import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CacheFolder, type FoundCache } from '#engine/cache/files/index.ts';
import { makePlan, type SequenceCache } from '#engine/cache/index.ts';
import { feedsOf, sampleCache, samplePlan, sampleText } from '../../../../fixtures/sampleCaches.ts';
import { tinyModel } from '../../../../fixtures/tinyGguf.ts';

const key = { model: 'a'.repeat(64), plan: 'b'.repeat(64) };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxima-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const openFolder = (options: Partial<Parameters<typeof CacheFolder.open>[0]> = {}): Promise<CacheFolder> =>
  CacheFolder.open({ folder, capBytes: 2 ** 30, key, plan: samplePlan, ...options });

const save = (opened: CacheFolder, ids: readonly number[], cache: SequenceCache): Promise<number> =>
  opened.save(Int32Array.from(ids), cache);

/** Every file under the folder, by its path within. */
const filesIn = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const text = sampleText(64);

/** What the next start finds for a text: the cache, or nothing. */
async function recall(ids: readonly number[]): Promise<{ found: FoundCache | null; cache: SequenceCache | null }> {
  const opened = await openFolder();
  const found = await opened.find(ids);
  return { found, cache: found && (await opened.load(found, ids.length)) };
}

describe('a folder of cache files', () => {
  it('gives a text back to the next start, as it was read', async () => {
    const written = sampleCache(text, [32, 64]);
    expect(await save(await openFolder(), text, written)).toBeGreaterThan(10_000);
    const { found, cache } = await recall([...text, 7, 8, 9]);
    expect(found!.reusedTokens).toBe(64);
    expect(feedsOf(cache!)).toEqual(feedsOf(sampleCache(text, [])));
  });

  it('goes to the last snapshot before the texts part', async () => {
    await save(await openFolder(), text, sampleCache(text, [32, 64]));
    const { found, cache } = await recall([...text.slice(0, 50), 7, 8, 9]);
    expect(found!.reusedTokens).toBe(32);
    expect(feedsOf(cache!)).toEqual(feedsOf(sampleCache(text.slice(0, 32), [])));
    expect((await recall([...text.slice(0, 31), 7])).found).toBeNull();
    expect((await recall(sampleText(64, 2))).found).toBeNull();
  });

  it('always leaves a token to read, because the model answers only after one', async () => {
    await save(await openFolder(), text, sampleCache(text, [32, 64]));
    expect((await recall(text)).found!.reusedTokens).toBe(32);
  });

  it('takes the file with the longest beginning', async () => {
    const opened = await openFolder();
    await save(opened, text.slice(0, 32), sampleCache(text.slice(0, 32), [32]));
    const other = [...text.slice(0, 16), ...sampleText(48, 3)];
    await save(opened, other, sampleCache(other, [16, 64]));
    expect((await recall([...text, 1])).found!.reusedTokens).toBe(32);
    expect((await recall([...other, 1])).found!.reusedTokens).toBe(64);
  });

  it('writes no text twice, and drops a file that a longer one contains', async () => {
    const opened = await openFolder();
    const short = text.slice(0, 32);
    expect(await save(opened, short, sampleCache(short, [32]))).toBeGreaterThan(0);
    expect(await save(opened, short, sampleCache(short, [32]))).toBe(0);
    expect(await save(opened, text, sampleCache(text, [32, 64]))).toBeGreaterThan(0);
    expect(filesIn()).toHaveLength(1);
    expect(await save(opened, short, sampleCache(short, [32]))).toBe(0);
    expect((await recall([...short, 1])).found!.reusedTokens).toBe(32);
  });

  it('is a safetensors file that others can read', async () => {
    await save(await openFolder(), text, sampleCache(text, [64]));
    const bytes = readFileSync(filesIn()[0]!);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Record<string, unknown>>;
    const { __metadata__: metadata, ...tensors } = header;
    expect((8 + length) % 8).toBe(0);
    expect(metadata).toMatchObject({ ...key, tokens: '64', snapshots: '64' });
    let end = 0;
    for (const { dtype, shape, data_offsets: offsets } of Object.values(tensors)) {
      const [from, to] = offsets as [number, number];
      const elements = (shape as number[]).reduce((product, size) => product * size, 1);
      expect(from).toBe(end);
      expect(to - from).toBe(elements * (dtype === 'I8' ? 1 : 4));
      end = to;
    }
    expect(bytes.length).toBe(8 + length + end);
    expect(tensors['tokenIds']).toMatchObject({ dtype: 'I32', shape: [64] });
    expect([...new Int32Array(bytes.buffer.slice(bytes.byteOffset + 8 + length), 0, 64)]).toEqual(text);
  });
});

describe('a file that is not what it was', () => {
  let path: string;
  let whole: Buffer;
  beforeEach(async () => {
    await save(await openFolder(), text, sampleCache(text, [32, 64]));
    path = filesIn()[0]!;
    whole = readFileSync(path);
  });

  it('is refused and deleted after one changed byte, wherever it stands', async () => {
    const headerEnd = 8 + Number(whole.readBigUInt64LE(0));
    const idsEnd = headerEnd + 4 * text.length;
    const places = new Set<number>();
    for (let at = 0; at < headerEnd; at += 7) places.add(at);
    for (let at = headerEnd; at < whole.length; at += 1_009) places.add(at);
    places.add(whole.length - 1);
    for (const at of places) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      writeFileSync(path, changed);
      const { cache } = await recall([...text, 7]);
      expect(cache, `byte ${at}`).toBeNull();
      // A changed token id makes it the file of another text, which is not even opened for this one.
      if (at < headerEnd || at >= idsEnd) expect(filesIn(), `byte ${at}`).toEqual([]);
    }
  });

  it('is refused when a changed token id is of no matter to the question', async () => {
    const changed = Buffer.from(whole);
    changed[8 + Number(whole.readBigUInt64LE(0)) + 4 * 50]! ^= 1;
    writeFileSync(path, changed);
    const { found, cache } = await recall([...text.slice(0, 40), 7]);
    expect(found!.reusedTokens).toBe(32);
    expect(cache).toBeNull();
  });

  it.each([0, 4, 8, 300, 5_000])('is refused and deleted when only %i bytes are left', async (bytes) => {
    writeFileSync(path, whole.subarray(0, bytes));
    expect((await recall([...text, 7])).cache).toBeNull();
    expect(filesIn()).toEqual([]);
  });

  it('is refused when it has grown', async () => {
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(1)]));
    expect((await recall([...text, 7])).cache).toBeNull();
    expect(filesIn()).toEqual([]);
  });

  it.each([
    ['model', { ...key, model: 'c'.repeat(64) }],
    ['plan', { ...key, plan: 'c'.repeat(64) }],
  ])('is refused when it is of another %s', async (_, otherKey) => {
    const other = await openFolder({ key: otherKey });
    expect(await other.find([...text, 7])).toBeNull();
    await save(other, text, sampleCache(text, [64]));
    const [place] = filesIn().filter((file) => file !== path);
    copyFileSync(path, place!);
    expect(await other.find([...text, 7])).toBeNull();
    expect(filesIn()).toEqual([path]);
  });

  it('takes no more memory than the file has bytes, whatever its header says', async () => {
    const dense = await openFolder({
      plan: makePlan('dense', tinyModel(), { chunkTokens: 8 }),
      key: { ...key, plan: 'd' },
    });
    const header = {
      __metadata__: {
        checksum: '0'.repeat(64),
        format: 'proxima-cache-1',
        model: key.model,
        plan: 'd',
        tokens: '80000',
        snapshots: '',
      },
    };
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    const place = join(folder, `${key.model.slice(0, 16)}-d`, 'hostile.safetensors');
    writeFileSync(place, Buffer.concat([length, json, Buffer.alloc(4 * 80_000)]));
    expect(await dense.find(new Array<number>(90_000).fill(0))).toBeNull();
    expect(filesIn()).toEqual([path]);
  });

  it('is written anew afterwards', async () => {
    whole[whole.length - 1]! ^= 1;
    writeFileSync(path, whole);
    const opened = await openFolder();
    expect(await opened.load((await opened.find([...text, 7]))!, 70)).toBeNull();
    expect(await save(opened, text, sampleCache(text, [32, 64]))).toBeGreaterThan(0);
    expect((await recall([...text, 7])).cache).not.toBeNull();
  });
});

describe('the space it takes', () => {
  const texts = [1, 2, 3].map((seed) => sampleText(64, seed + 10));

  it('stays under the cap: what was used least recently goes first', async () => {
    const opened = await openFolder();
    const bytes = await save(opened, texts[0]!, sampleCache(texts[0]!, [64]));
    await save(opened, texts[1]!, sampleCache(texts[1]!, [64]));
    const hourAgo = Date.now() / 1000 - 3_600;
    for (const [index, file] of filesIn().entries()) utimesSync(file, hourAgo - index, hourAgo - index);
    // The first is used again, so the second is the older one.
    await opened.load((await opened.find([...texts[0]!, 1]))!, 70);
    const small = await openFolder({ capBytes: 2 * bytes });
    await save(small, texts[2]!, sampleCache(texts[2]!, [64]));
    const held = await Promise.all(texts.map(async (ids) => (await small.find([...ids, 1])) !== null));
    expect(held).toEqual([true, false, true]);
  });

  it('is cut to a lower cap at the next start, over all models and plans', async () => {
    await save(await openFolder(), texts[0]!, sampleCache(texts[0]!, [64]));
    await save(await openFolder({ key: { ...key, model: 'e'.repeat(64) } }), texts[1]!, sampleCache(texts[1]!, [64]));
    expect(filesIn()).toHaveLength(2);
    await openFolder({ capBytes: 10_000 });
    expect(filesIn()).toEqual([]);
  });

  it('is not spent on a text that alone is too long', async () => {
    const opened = await openFolder({ capBytes: 10_000 });
    expect(await save(opened, text, sampleCache(text, [64]))).toBe(0);
    expect(filesIn()).toEqual([]);
  });
});

describe('writing', () => {
  it('that fails leaves nothing behind', async () => {
    const opened = await openFolder();
    await save(opened, text, sampleCache(text, [64]));
    const [path] = filesIn();
    rmSync(path!);
    mkdirSync(join(path!, 'in the way'), { recursive: true });
    await expect(save(opened, text, sampleCache(text, [64]))).rejects.toThrow();
    expect(filesIn()).toEqual([]);
    rmSync(path!, { recursive: true });
    expect(await save(opened, text, sampleCache(text, [64]))).toBeGreaterThan(0);
  });

  it('may happen in two places at once', async () => {
    const [one, other] = await Promise.all([openFolder(), openFolder()]);
    const cache = sampleCache(text, [64]);
    await Promise.all([save(one, text, cache), save(other, text, cache)]);
    expect(filesIn()).toHaveLength(1);
    expect((await recall([...text, 1])).cache).not.toBeNull();
  });

  it('leaves the unfinished files of writers that live, and clears those of the dead', async () => {
    await openFolder();
    const place = join(folder, 'x', 'y.safetensors');
    mkdirSync(dirname(place));
    const [mine, dead, old] = [`${process.pid}-00000001`, '2147483646-00000002', `${process.pid}-00000003`].map(
      (writer) => `${place}.${writer}.part`,
    ) as [string, string, string];
    for (const path of [mine, dead, old]) writeFileSync(path, 'half');
    utimesSync(old, 1, 1);
    await openFolder();
    expect(filesIn()).toEqual([mine]);
  });
});
