/** One passage that a text says again. */
export interface Repeat {
  /** Position of the first token that is said again. */
  readonly at: number;
  /** How many tokens earlier the passage stood. At least `tokens`. */
  readonly distance: number;
  readonly tokens: number;
}

/**
 * Weaves repeated passages into running text: the text goes on behind each of them. Where
 * a model can copy it must look back to the first time, so these are the tokens that tell
 * whether retrieval heads still work; prose alone hides them (perplexity within 10% while
 * the loss on repeated tokens grew from 0.29 to 3.46 nats).
 * @param prose token ids, at least `tokens` less the repeated ones
 * @param repeats ascending by `at`, not overlapping
 * @returns `[tokens]` token ids
 * @throws {RangeError} when the prose is too short or a repeat reaches before the start
 */
export function repeatPassages(prose: readonly number[], tokens: number, repeats: readonly Repeat[]): number[] {
  const woven: number[] = [];
  let used = 0;
  const proseUpTo = (end: number): void => {
    const count = end - woven.length;
    if (used + count > prose.length) {
      throw new RangeError(`the prose has ${prose.length} tokens, ${used + count} were needed`);
    }
    woven.push(...prose.slice(used, used + count));
    used += count;
  };
  for (const repeat of repeats) {
    const from = repeat.at - repeat.distance;
    if (from < 0 || repeat.distance < repeat.tokens) {
      throw new RangeError(`a passage of ${repeat.tokens} tokens cannot stand ${repeat.distance} before ${repeat.at}`);
    }
    proseUpTo(repeat.at);
    woven.push(...woven.slice(from, from + repeat.tokens));
  }
  proseUpTo(tokens);
  return woven.slice(0, tokens);
}
