/** Text without any special token to ids: the part in which vocabularies differ. */
export interface PlainEncoder {
  /** Whether a text that begins, or goes on after a control token, is written with a space in front. */
  readonly spacePrefix: boolean;
  /** @param text not empty */
  encode(text: string): number[];
  /** Whether the vocabulary has no token for a byte: llama.cpp leaves it out of a text, and so do we. */
  isDropped(byte: number): boolean;
}
