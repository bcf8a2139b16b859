/** Names as TextDecoder knows them. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Text holds next to no control characters; more than this share, and it is no text. */
const MAX_CONTROL_SHARE = 0.01;

/**
 * Guesses how text is encoded from its first bytes: by its byte order mark, else by where
 * its zero bytes lie, else UTF-8 when it is valid UTF-8, else the old Western encoding,
 * which every sequence of bytes is valid in. Null when the bytes are no text.
 */
export function detectEncoding(bytes: Uint8Array): TextEncoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  let controls = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte === 0) zeros[index % 2]! += 1;
    else if ((byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 27) || byte === 127) controls += 1;
  }
  if (controls > bytes.length * MAX_CONTROL_SHARE) return null;
  const [even, odd] = [zeros[0]!, zeros[1]!];
  if (even + odd > 0) {
    const half = bytes.length / 2;
    if (odd > half * 0.4 && even < half * 0.05) return 'utf-16le';
    if (even > half * 0.4 && odd < half * 0.05) return 'utf-16be';
    return null;
  }
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

/** Whether bytes are UTF-8; the last character may be cut off, since only a file's head is looked at. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
