/** Bytes `[start, end)` of a file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `Range` header (RFC 9110, section 14.2) for a file of `fileBytes`.
 *
 * @returns the range; `whole` when none is asked for or the header is of a form nobody here
 *   sends (several ranges, another unit), which the RFC lets a server ignore; `unsatisfiable`
 *   when it lies outside the file.
 */
export function byteRange(header: string | null, fileBytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = header === null ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '') {
    if (last === '') return 'whole';
    const suffix = Math.min(Number(last), fileBytes);
    return suffix === 0 ? 'unsatisfiable' : { start: fileBytes - suffix, end: fileBytes };
  }
  const start = Number(first);
  const end = last === '' ? fileBytes : Math.min(Number(last) + 1, fileBytes);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= fileBytes ? 'unsatisfiable' : { start, end };
}
