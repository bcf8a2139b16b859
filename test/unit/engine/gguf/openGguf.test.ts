import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dequantize, openGguf } from '#engine/gguf/index.ts';
import { encodeTinyGguf, tinyGguf } from '../../../fixtures/tinyGguf.ts';
import { encodeGguf, type WrittenGguf } from '../../../fixtures/writeGguf.ts';

const folder = mkdtempSync(join(tmpdir(), 'proxima-gguf-'));
let files = 0;

function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `${files++}.gguf`);
  writeFileSync(path, bytes);
  return path;
}

const small: WrittenGguf = {
  metadata: {
    'general.name': { kind: 'string', value: 'Überall' },
    count: { kind: 'uint32', value: 4_000_000_000 },
    names: { kind: 'strings', value: ['a', '', '日本', '\ufeffb'] },
    ids: { kind: 'int32s', value: [-1, 5] },
    on: { kind: 'bool', value: true },
  },
  tensors: [
    { name: 'a', type: 'F32', shape: [2, 3], bytes: new Uint8Array(Float32Array.from([1, 2, 3, 4, 5, 6]).buffer) },
    { name: 'b', type: 'Q8_0', shape: [32], bytes: new Uint8Array(34) },
  ],
};

/** The bytes of `small` with a 64-bit or 32-bit number overwritten. */
function patched(at: number, value: bigint, bytes = 8): string {
  const file = Buffer.from(encodeGguf(small));
  if (bytes === 8) file.writeBigUInt64LE(value, at);
  else file.writeUInt32LE(Number(value), at);
  return fileOf(file);
}

const refusal = (code: string, words: RegExp): Error =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(words) as string,
    advice: expect.stringMatching(/\.$/) as string,
  }) as Error;

describe('openGguf', () => {
  it('reads metadata of every kind and tensors by name', async () => {
    const gguf = await openGguf(fileOf(encodeGguf(small)));
    expect(Object.fromEntries(gguf.metadata)).toEqual({
      'general.name': 'Überall',
      count: 4_000_000_000,
      names: ['a', '', '日本', '\ufeffb'],
      ids: [-1, 5],
      on: true,
    });
    expect(gguf.tensors.get('a')).toMatchObject({ type: 'F32', shape: [2, 3], elements: 6, byteLength: 24 });
    expect([...dequantize('F32', gguf.readTensor('a'), 6)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...dequantize('F32', gguf.readRows('a', 1, 2), 4)]).toEqual([3, 4, 5, 6]);
    gguf.close();
  });

  it('opens a made-up model and reads a tensor that begins beyond the first piece of the header', async () => {
    const gguf = await openGguf(tinyGguf({ type: 'Q4_1' }));
    expect(gguf.readTensor('blk.3.ffn_down.weight')).toHaveLength(
      gguf.tensors.get('blk.3.ffn_down.weight')!.byteLength,
    );
    gguf.close();
  });

  it('refuses what is no model', async () => {
    await expect(openGguf(join(folder, 'none.gguf'))).rejects.toThrow(refusal('model/notFound', /no model file/));
    await expect(openGguf(folder)).rejects.toThrow(refusal('model/notGguf', /not a file/));
    await expect(openGguf(fileOf(new Uint8Array(0)))).rejects.toThrow(refusal('model/notGguf', /empty/));
    await expect(openGguf(fileOf(Buffer.from('GGUF')))).rejects.toThrow(refusal('model/notGguf', /only 4 bytes/));
    await expect(openGguf(fileOf(Buffer.from('%PDF-1.7 and more')))).rejects.toThrow(
      refusal('model/notGguf', /begins with "%PDF"/),
    );
  });

  it('refuses other versions, and names big-endian files', async () => {
    await expect(openGguf(patched(4, 1n, 4))).rejects.toThrow(refusal('model/unsupported', /version 1/));
    await expect(openGguf(patched(4, 3n << 24n, 4))).rejects.toThrow(refusal('model/unsupported', /big-endian/));
  });

  it('refuses absurd counts before it takes memory for them', async () => {
    await expect(openGguf(patched(8, 2n ** 63n))).rejects.toThrow(refusal('model/damaged', /tensors; at most/));
    await expect(openGguf(patched(16, 60_000n))).rejects.toThrow(refusal('model/damaged', /bytes are left/));
    // The length of the first entry's name.
    await expect(openGguf(patched(24, 2n ** 40n))).rejects.toThrow(
      refusal('model/damaged', /bytes of a name; at most/),
    );
  });

  it('says at which byte a cut file ends, wherever it is cut', async () => {
    const whole = Buffer.from(encodeTinyGguf({ layers: 1 }));
    for (const share of [0.001, 0.01, 0.02, 0.5, 0.999]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await expect(openGguf(fileOf(cut)), `cut at ${cut.length}`).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/model\/(truncated|damaged)/) as string }) as Error,
      );
    }
    await expect(openGguf(fileOf(whole.subarray(0, whole.length / 2)))).rejects.toThrow(
      refusal('model/truncated', /its tensors need \d+/),
    );
  });

  it('survives any single flipped byte of the header', async () => {
    const bytes = Buffer.from(encodeGguf(small));
    for (let at = 0; at < bytes.length; at++) {
      const bent = Buffer.from(bytes);
      bent[at] = bent[at]! ^ 0xff;
      const gguf = await openGguf(fileOf(bent)).catch((thrown: unknown) => {
        expect(thrown, `byte ${at}`).toMatchObject({ name: 'ModelFileError' });
      });
      gguf?.close();
    }
  });

  it('names a tensor that is missing, and rows that are not there', async () => {
    const gguf = await openGguf(fileOf(encodeGguf(small)));
    expect(() => gguf.readTensor('z')).toThrow(refusal('model/damaged', /no tensor "z"/));
    expect(() => gguf.readRows('a', 2, 2)).toThrow(RangeError);
    gguf.close();
    expect(() => gguf.readTensor('a')).toThrow(/closed/);
  });
});

describe('dequantize', () => {
  it('names a type it cannot compute with', () => {
    expect(() => dequantize('IQ2_XS', new Uint8Array(74), 256)).toThrow(refusal('model/unsupported', /IQ2_XS/));
  });

  it('refuses fewer bytes than the elements need', () => {
    expect(() => dequantize('Q8_0', new Uint8Array(33), 32)).toThrow(RangeError);
  });
});
