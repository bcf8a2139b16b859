import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PairFit } from './pairTable.ts';

/** Raise it when the same sample gives other fits. */
const FIT_VERSION = 1;

/** Files of fitted pairs of layers, one each: JSON, whose numbers come back to the last bit. */
export class PairFiles {
  readonly #folder: string;
  readonly #made: string;

  /** @param made says what the sample was made of: files made of something else are not read */
  constructor(folder: string, made: string) {
    this.#folder = folder;
    this.#made = `${made}, fit ${FIT_VERSION}`;
  }

  /** What `write` kept; null when there is no whole file or it was made of something else. */
  async read(leader: number, follower: number): Promise<readonly PairFit[] | null> {
    let text: string;
    try {
      text = await readFile(this.#path(leader, follower), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    try {
      const { made, fits } = JSON.parse(text) as { made: string; fits: readonly PairFit[] };
      return made === this.#made ? fits : null;
    } catch {
      return null;
    }
  }

  /** Written beside its place first, so that a file is whole or not there. */
  async write(leader: number, follower: number, fits: readonly PairFit[]): Promise<void> {
    const path = this.#path(leader, follower);
    await writeFile(`${path}.part`, JSON.stringify({ made: this.#made, fits }));
    await rename(`${path}.part`, path);
  }

  #path(leader: number, follower: number): string {
    return join(this.#folder, `pair-${leader}-${follower}.json`);
  }
}
