import { readFile, rename, writeFile } from 'node:fs/promises';
import type { LogitSample } from './logitSample.ts';

/** What stands in front of the numbers of a sample file: everything but the arrays, and their lengths. */
type Header = Pick<LogitSample, 'shape' | 'queries'> & { readonly made: string };

/**
 * Keeps a sample on disk, so that a search that was stopped goes on where it was. One line of
 * JSON, then float32 little endian: row weights, logits by layer, near log-sum-exp by layer.
 * Written beside its place first, so that a file is whole or not there.
 * @param made says what the sample was made of: a file made of something else is not read
 */
export async function writeSample(path: string, sample: LogitSample, made: string): Promise<void> {
  const header: Header = { shape: sample.shape, queries: sample.queries, made };
  const arrays = [sample.rowWeights, ...sample.logits, ...sample.nearLogSumExp];
  await writeFile(`${path}.part`, [
    Buffer.from(`${JSON.stringify(header)}\n`),
    ...arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)),
  ]);
  await rename(`${path}.part`, path);
}

/** Reads what `writeSample` wrote; null when there is no whole file or it was made of something else. */
export async function readSample(path: string, made: string): Promise<LogitSample | null> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const lineEnd = bytes.indexOf('\n');
  const header = parseHeader(bytes.toString('utf8', 0, Math.max(0, lineEnd)));
  if (header?.made !== made) return null;
  const { shape, queries } = header;
  const rows = queries.reduce((sum, query) => sum + query.rows, 0);
  const numbers = rows + shape.layers * shape.heads * (rows + queries.length);
  let at = lineEnd + 1;
  if (bytes.length !== at + numbers * 4) return null;
  const take = (length: number): Float32Array => {
    // A copy: the numbers do not start at a multiple of four bytes.
    const array = new Float32Array(Uint8Array.from(bytes.subarray(at, at + length * 4)).buffer);
    at += length * 4;
    return array;
  };
  const layers = Array.from({ length: shape.layers });
  return {
    shape,
    queries,
    rowWeights: take(rows),
    logits: layers.map(() => take(rows * shape.heads)),
    nearLogSumExp: layers.map(() => take(queries.length * shape.heads)),
  };
}

function parseHeader(line: string): Header | null {
  try {
    return JSON.parse(line) as Header;
  } catch {
    return null;
  }
}
