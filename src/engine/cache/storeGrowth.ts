import { EngineError } from '#shared/errors/index.ts';

/** Electron's allocator stops a process that asks for 1 to 2 GiB at once. */
const MAX_STORE_BYTES = 512 * 2 ** 20;

/**
 * A store grows by a 64th of itself, and by no less than this. What is allocated counts, so room beyond the text should
 * be small: by an eighth it is up to 12 % of the rows. A smaller step copies oftener: at 7,000 tokens each 109 written tokens.
 */
const LEAST_GROWTH_TOKENS = 64;

/** The capacity of a store that has to hold `tokens`: the present one, or one with some room beyond. */
export function grownCapacity(capacityTokens: number, tokens: number): number {
  if (tokens <= capacityTokens) return capacityTokens;
  return Math.max(tokens, capacityTokens + Math.max(LEAST_GROWTH_TOKENS, capacityTokens >> 6));
}

/** @throws {EngineError} when one allocation would be larger than may be asked for at once */
export function checkStoreBytes(tokens: number, storeBytes: number): void {
  if (storeBytes <= MAX_STORE_BYTES) return;
  throw new EngineError('engine/internal', `One store of ${tokens} tokens would pass ${MAX_STORE_BYTES} bytes.`, {
    advice: 'Choose a smaller part of the text.',
  });
}
