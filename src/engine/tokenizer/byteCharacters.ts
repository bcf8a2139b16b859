/**
 * The table by which byte-level BPE writes bytes as printable characters (GPT-2): printable
 * Latin-1 stands for itself, the 68 others are counted up from U+0100.
 */
const characters: readonly string[] = makeCharacters();
const byteOfCharacter = new Map(characters.map((character, byte) => [character, byte]));

/** The character that stands for a byte. */
export const characterOfByte = (byte: number): string => characters[byte]!;

/** The bytes a vocabulary entry stands for; null when it holds a character that stands for none. */
export function bytesOfCharacters(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const byte = byteOfCharacter.get(text[index]!);
    if (byte === undefined) return null;
    bytes[index] = byte;
  }
  return bytes;
}

function makeCharacters(): readonly string[] {
  let next = 0x100;
  const isPrintable = (byte: number): boolean =>
    (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte < 0xad) || byte > 0xad;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
}
