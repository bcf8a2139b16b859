/** What sets one family of decoders apart; all else is in the file's metadata. */
export interface ArchitectureTraits {
  /** See `ModelDescription.ropeInterleaved`. */
  readonly ropeInterleaved: boolean;
  /** Base of the rotary angles where the file does not state it. */
  readonly defaultRopeBase: number;
}
