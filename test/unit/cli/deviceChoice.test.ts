import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeProgram } from '#cli/program.ts';
import { devices } from '#shared/contract/index.ts';
import { tinyGguf } from '../../fixtures/tinyGguf.ts';

const model = tinyGguf({ type: 'Q8_0' });

class Lines extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function complete(...flags: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = { out: new Lines(), err: new Lines() };
  let code = -1;
  const program = makeProgram(terminal, new AbortController().signal, (given) => (code = given));
  await program.parseAsync(['complete', '--prompt', 'The sea', '--tokens', '2', '--model', model, ...flags], {
    from: 'user',
  });
  return { code, out: terminal.out.text, err: terminal.err.text };
}

/** Drivers are looked for in files under Linux alone: there, a machine without one can be played. Elsewhere on it there is no WebGPU. */
describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'proxima complete --device, without a graphics driver',
  () => {
    const home = mkdtempSync(join(tmpdir(), 'proxima-device-'));
    beforeAll(() => {
      vi.stubEnv('PROXIMA_HOME', home);
      vi.stubEnv('VK_DRIVER_FILES', join(home, 'none.json'));
    });
    afterEach(() => vi.restoreAllMocks());
    afterAll(() => {
      vi.unstubAllEnvs();
      rmSync(home, { recursive: true, force: true });
    });

    it.each(['auto', 'webgpu'])('computes on the processor and says why: %s', async (device) => {
      const { code, out, err } = await complete('--device', device, '--json');
      expect(code).toBe(0);
      const reason = /^The processor, with \d+ cores: no graphics driver \(Vulkan\) is installed\.$/;
      expect(err.trim().split('\n').at(-1)).toMatch(reason);
      const finished = JSON.parse(out.trim().split('\n').at(-1)!) as { device: string; deviceReason: string };
      expect(finished.device).toBe('cpu');
      expect(finished.deviceReason).toMatch(reason);
    });

    it('names what there is when a device is asked for that Linux does not have', async () => {
      const { code, err } = await complete('--device', 'directml');
      expect(code).toBe(0);
      expect(err).toMatch(/The processor, .*: the runtime has no DirectML on this kind of machine; it has .*WebGPU\./);
    });

    it('says nothing about devices where none is given', async () => {
      const { code, err } = await complete('--json');
      expect(code).toBe(0);
      expect(err).not.toContain('processor');
    });
  },
);

it('proxima complete --help lists every device', () => {
  const terminal = { out: new Lines(), err: new Lines() };
  const program = makeProgram(terminal, new AbortController().signal, () => undefined);
  expect(() => program.parse(['complete', '--help'], { from: 'user' })).toThrow();
  const help = terminal.out.text.replace(/\s+/g, ' ');
  expect(help).toContain(`where to compute: ${devices.join(', ')}, or auto`);
});
