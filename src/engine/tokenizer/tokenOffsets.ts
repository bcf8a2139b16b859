/**
 * Where tokens lie in a text, from the bytes that each takes of its UTF-8. A character belongs
 * to the token that holds its first byte: tokens which only continue it are empty stretches
 * behind it, so no offset ever falls inside a character.
 *
 * @param byteLengths `[tokens]`, the bytes of each token
 * @param isDropped whether the vocabulary has no token for a byte, so that no token stands for it
 *   (SmolLM2 lacks some control characters)
 * @returns `[tokens + 1]` UTF-16 offsets, never falling; the last is the length of the text
 */
export function tokenOffsets(
  text: string,
  byteLengths: readonly number[],
  isDropped: (byte: number) => boolean,
): number[] {
  const bytes = new TextEncoder().encode(text);
  const offsets: number[] = [];
  let offset = 0;
  let offsetBytes = 0;
  let tokenStart = 0;
  for (const byteLength of byteLengths) {
    while (tokenStart < bytes.length && isDropped(bytes[tokenStart]!)) tokenStart += 1;
    while (offsetBytes < tokenStart && offset < text.length) {
      const codePoint = text.codePointAt(offset)!;
      offsetBytes += utf8Length(codePoint);
      offset += codePoint > 0xffff ? 2 : 1;
    }
    offsets.push(offset);
    tokenStart += byteLength;
  }
  offsets.push(text.length);
  return offsets;
}

/** A lone surrogate is written as U+FFFD, which takes three bytes as it would itself. */
function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
