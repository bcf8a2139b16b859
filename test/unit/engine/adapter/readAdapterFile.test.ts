import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAdapterFile } from '#engine/adapter/index.ts';
import { type GgufFile, openGguf, sampledModelDigest } from '#engine/gguf/index.ts';
import {
  adapterMetadata,
  encodeSafetensors,
  type FileTensor,
  sha256Of,
  tensorsOf,
  tinyAdapter,
} from '../../../fixtures/tinyAdapter.ts';
import { tinyGguf, tinyModel } from '../../../fixtures/tinyGguf.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-adapter-'));
const model = tinyModel();
const adapter = tinyAdapter(model);
const tensors = tensorsOf(adapter);
const place = 'blk.1.attn_k.weight';
let gguf: GgufFile;
let fused: GgufFile;
let fingerprint: string;

beforeAll(async () => {
  gguf = await openGguf(tinyGguf());
  fused = await openGguf(tinyGguf({ architecture: 'phi3' }));
  fingerprint = await sampledModelDigest(gguf);
});
afterAll(() => {
  gguf.close();
  fused.close();
  rmSync(folder, { recursive: true });
});

/** Writes a file and reads it as the adapter that its own checksum names. */
function read(bytes: Uint8Array, file = gguf, layers = model.layers) {
  const path = join(folder, 'tiny.safetensors');
  writeFileSync(path, bytes);
  return readAdapterFile(path, sha256Of(bytes), file, layers);
}

const good = (changes: Record<string, FileTensor> = {}, metadata = adapterMetadata(fingerprint)): Buffer =>
  encodeSafetensors({ ...tensors, ...changes }, metadata);

/** Changes the JSON of a header without telling the rest of the file; the new one must be as long. */
function withHeader(bytes: Buffer, change: (header: string) => string): Buffer {
  const length = Number(bytes.readBigUInt64LE());
  const header = Buffer.from(change(bytes.toString('utf8', 8, 8 + length)));
  expect(header.length).toBe(length);
  return Buffer.concat([bytes.subarray(0, 8), header, bytes.subarray(8 + length)]);
}

const refusal = (message: RegExp) => ({
  name: 'CacheBudgetError',
  code: 'cache/adapter',
  message: expect.stringMatching(message) as string,
  advice: expect.stringContaining('dense') as string,
});

describe('reading an adapter', () => {
  it('gives back its updates, by the matrices they change', async () => {
    const bytes = good();
    expect(await read(bytes)).toEqual({ sha256: sha256Of(bytes), updates: adapter.updates });
  });

  it('reads halves too', async () => {
    // 1, -0.5, 0 and 2 in binary16, over and over.
    const halves = (count: number): Uint8Array =>
      new Uint8Array(Uint16Array.from({ length: count }, (_, i) => [0x3c00, 0xb800, 0, 0x4000][i % 4]!).buffer);
    const down = { type: 'F16', shape: [3, 64], bytes: halves(3 * 64) };
    const found = await read(good({ [`${place}.down`]: down }));
    expect([...found.updates.get(place)!.down.subarray(0, 5)]).toEqual([1, -0.5, 0, 2, 1]);
    expect(found.updates.get(place)!.up).toEqual(adapter.updates.get(place)!.up);
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'a missing file',
      () => readAdapterFile(join(folder, 'none'), '0', gguf, 4),
      /none cannot be used: it cannot be read/,
    ],
    ['a folder', () => readAdapterFile(folder, '0', gguf, 4), /it is no file/],
    [
      'another file than the plan names',
      async () => {
        await read(good());
        return readAdapterFile(join(folder, 'tiny.safetensors'), 'ab'.repeat(32), gguf, 4);
      },
      /its checksum is [\da-f]{12}…, and the plan names abababababab…/,
    ],
    ['a file of something else', () => read(Buffer.from('GGUF and so on')), /does not say that it is of the format/],
    ['an empty file', () => read(Buffer.alloc(0)), /does not say that it is of the format/],
    [
      'another format',
      () => read(good({}, { ...adapterMetadata(fingerprint), format: 'proxima-adapter-2' })),
      /of the format proxima-adapter-1/,
    ],
    [
      'another model',
      () => read(good({}, adapterMetadata('cafe'.repeat(16)))),
      /it is for the model cafecafecafe…, and this one is [\da-f]{12}…/,
    ],
    ['a rank without end', () => read(good({}, adapterMetadata(fingerprint, 9999))), /its rank is 9999; up to 256/],
    [
      'a matrix of the MLP',
      () => read(good({ 'blk.0.ffn_up.weight.down': tensors[`${place}.down`]! })),
      /it changes blk.0.ffn_up.weight, and only the projections of attention of 4 layers may change/,
    ],
    [
      'a layer that the model has not',
      () => read(good({ 'blk.4.attn_q.weight.down': tensors[`${place}.down`]! })),
      /it changes blk.4.attn_q.weight/,
    ],
    [
      'a tensor that is no factor',
      () => read(good({ alpha: { type: 'F32', shape: [1], bytes: new Uint8Array(4) } })),
      /alpha is neither the down nor the up of a matrix/,
    ],
    [
      'a down without its up',
      () => read(encodeSafetensors({ [`${place}.down`]: tensors[`${place}.down`]! }, adapterMetadata(fingerprint))),
      /the update of blk.1.attn_k.weight has no up/,
    ],
    [
      'an up without its down',
      () => read(encodeSafetensors({ [`${place}.up`]: tensors[`${place}.up`]! }, adapterMetadata(fingerprint))),
      /the update of blk.1.attn_k.weight has no down/,
    ],
    [
      'a factor that does not fit its matrix',
      () => read(good({ [`${place}.up`]: tensors['blk.1.attn_q.weight.up']! })),
      /blk.1.attn_k.weight.up is \[64, 3\], not \[32, 3\]/,
    ],
    [
      'a factor on its side',
      () => read(good({ [`${place}.down`]: { ...tensors[`${place}.down`]!, shape: [64, 3] } })),
      /blk.1.attn_k.weight.down is \[64, 3\], not \[3, 64\]/,
    ],
    ['a rank other than it says', () => read(good({}, adapterMetadata(fingerprint, 2))), /is \[3, 64\], not \[2, 64\]/],
    ['no update at all', () => read(encodeSafetensors({}, adapterMetadata(fingerprint))), /it changes nothing/],
    [
      'a number that is none',
      () =>
        read(good({ [`${place}.up`]: { ...tensors[`${place}.up`]!, bytes: new Uint8Array(32 * 3 * 4).fill(255) } })),
      /blk.1.attn_k.weight.up holds what is no number/,
    ],
    [
      'numbers of another type',
      () => read(good({ [`${place}.up`]: { ...tensors[`${place}.up`]!, type: 'I32' } })),
      /what it says of blk.1.attn_k.weight.up is no tensor of F16 or F32 numbers/,
    ],
    [
      'a tensor with fewer bytes than its shape takes',
      () => read(good({ [`${place}.up`]: { ...tensors[`${place}.up`]!, bytes: new Uint8Array(32 * 3 * 4 - 4) } })),
      /\[32, 3\] takes 384 bytes as F32, and has 380/,
    ],
    [
      'a file that goes on',
      () => read(Buffer.concat([good(), Buffer.alloc(4)])),
      /its tensors take \d+ bytes, and it holds/,
    ],
    ['a file that is cut', () => read(good().subarray(0, -4)), /its tensors take \d+ bytes, and it holds/],
    [
      'a header longer than the file',
      () => {
        const bytes = good();
        bytes.writeBigUInt64LE(1_000_000n);
        return read(bytes);
      },
      /does not say that it is of the format/,
    ],
  ])('refuses %s', async (_, reading, message) => {
    await expect(reading()).rejects.toMatchObject(refusal(message));
  });

  it('refuses tensors that share bytes', async () => {
    const one = { type: 'F32', shape: [3, 64], bytes: tensors[`${place}.down`]!.bytes };
    const bytes = encodeSafetensors({ a: one, b: one }, adapterMetadata(fingerprint));
    const shared = withHeader(bytes, (text) => text.replace('[768,1536]', '[0,768]   '));
    await expect(read(shared)).rejects.toMatchObject(refusal(/the bytes of b begin at 0, not at 768/));
  });

  it('says of a model with fused projections what it has not', async () => {
    const bytes = good({}, adapterMetadata(await sampledModelDigest(fused)));
    await expect(read(bytes, fused)).rejects.toMatchObject(
      refusal(/blk.0.attn_q.weight, and this model keeps queries, keys and values in one matrix/),
    );
  });
});
