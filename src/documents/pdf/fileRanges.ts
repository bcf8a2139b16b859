import type { FileHandle } from 'node:fs/promises';
import type * as Pdfjs from 'pdfjs-dist';

/** How many bytes pdf.js asks for at once. */
export const RANGE_BYTES = 1 << 18;

/**
 * Gives pdf.js the parts of a file it asks for, so that a scan of gigabytes opens without
 * being in memory.
 * @param onFailure called when the file can no longer be read
 */
export function fileRanges(
  pdfjs: typeof Pdfjs,
  file: FileHandle,
  fileBytes: number,
  onFailure: (cause: unknown) => void,
): Pdfjs.PDFDataRangeTransport {
  class FileRanges extends pdfjs.PDFDataRangeTransport {
    override requestDataRange(begin: number, end: number): void {
      const bytes = new Uint8Array(end - begin);
      file.read(bytes, 0, bytes.length, begin).then(
        ({ bytesRead }) => this.onDataRange(begin, bytes.subarray(0, bytesRead)),
        (cause: unknown) => onFailure(cause),
      );
    }
  }
  return new FileRanges(fileBytes, null);
}
