import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readFidelity } from '#models/index.ts';
import { sampleFidelity } from '../../fakes/sampleFidelity.ts';

const made = { book: 'novel.epub', budget: 'quick' };
let folder = '';
const warned = vi.fn();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'proxima-fidelity-'));
  warned.mockReset();
  vi.spyOn(process, 'emitWarning').mockImplementation(warned);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

describe('what was measured of models', () => {
  it('is read from all files of all folders, in their order', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const other = { ...sampleFidelity, model: { name: 'own.gguf', fingerprint: 'cd'.repeat(32) } };
    write(join('own', 'x.json'), { made, ...other });
    write('default.json', { made, ...sampleFidelity });
    write('notes.txt', 'Not looked at.');
    expect(await readFidelity([own, folder])).toEqual([other, sampleFidelity]);
    expect(warned).not.toHaveBeenCalled();
  });

  it('is nothing where no folder is', async () => {
    expect(await readFidelity([join(folder, 'none')])).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
  });

  const [point] = sampleFidelity.points;
  it.each([
    ['is cut', JSON.stringify({ made, ...sampleFidelity }).slice(0, 200)],
    ['is empty', ''],
    ['is something else', '[]'],
    ['has a figure that is none', { made, ...sampleFidelity, points: [{ ...point, cacheShare: '50 %' }] }],
    ['has a policy that is none', { made, ...sampleFidelity, points: [{ ...point, policy: 'streaming' }] }],
    ['does not say which file was measured', { made, ...sampleFidelity, model: { name: 'default' } }],
    ['does not say under which plan', { made, ...sampleFidelity, points: [{ ...point, planId: '' }] }],
  ])('is not taken from a file that %s; the others count, and a warning names it', async (_, content) => {
    write('bad.json', content);
    write('good.json', { made, ...sampleFidelity });
    expect(await readFidelity([folder])).toEqual([sampleFidelity]);
    expect(warned).toHaveBeenCalledOnce();
    expect(String(warned.mock.calls[0]![0])).toContain(join(folder, 'bad.json'));
  });

  it('ships in files that can be read', async () => {
    await readFidelity(['resources/fidelity']);
    expect(warned).not.toHaveBeenCalled();
  });
});
