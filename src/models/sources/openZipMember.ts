import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { type Entry, type Options, open, type ZipFile } from 'yauzl';

const openZip = promisify<string, Options, ZipFile>(open);

/**
 * Reads one member of a zip archive.
 * @param limitBytes a member that claims to be larger is refused
 * @throws {Error} when the archive is broken or has no such member
 */
export async function openZipMember(path: string, member: string, limitBytes: number): Promise<Readable> {
  const zip = await openZip(path, { lazyEntries: true });
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => reject(new Error(`the package holds no ${member}`)));
    zip.on('entry', (entry: Entry) => {
      if (entry.fileName !== member) {
        zip.readEntry();
        return;
      }
      if (entry.uncompressedSize > limitBytes) {
        reject(new Error(`${member} is larger than the whole model`));
        return;
      }
      zip.openReadStream(entry, (error: Error | null, stream: Readable) => {
        if (error) reject(error);
        else resolve(stream.on('close', () => zip.close()));
      });
    });
    zip.readEntry();
  });
}
