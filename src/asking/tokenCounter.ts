import type { EngineClient } from './services.ts';

/** Letters counted at once; a few hundred kilobytes keep a message between processes small. */
const BATCH_CHARACTERS = 200_000;
/** Above this an estimate is made from a sample: tokenising a whole manual takes seconds. */
const EXACT_CHARACTERS = 300_000;

/** Counts the tokens of each text, in a few calls. */
export async function countTokens(
  engine: EngineClient,
  texts: readonly string[],
  signal?: AbortSignal,
): Promise<number[]> {
  const counts: number[] = [];
  let batch: string[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (batch.length > 0) counts.push(...(await engine.call('count', { texts: batch }, { signal })));
    batch = [];
    characters = 0;
  };
  for (const text of texts) {
    batch.push(text);
    characters += text.length;
    if (characters >= BATCH_CHARACTERS) await flush();
  }
  await flush();
  return counts;
}

/**
 * Tokens of all texts together: exact for a few chapters, extrapolated from texts spread
 * evenly over a long book.
 */
export async function totalTokens(
  engine: EngineClient,
  texts: readonly string[],
  signal?: AbortSignal,
): Promise<{ readonly tokens: number; readonly exact: boolean }> {
  const characters = texts.reduce((sum, text) => sum + text.length, 0);
  if (characters <= EXACT_CHARACTERS) {
    return { tokens: sum(await countTokens(engine, texts, signal)), exact: true };
  }
  const stride = Math.max(1, Math.ceil((characters / EXACT_CHARACTERS) * 3));
  const sample = texts.filter((_, place) => place % stride === 0);
  const sampled = sample.reduce((total, text) => total + text.length, 0);
  const tokens = sum(await countTokens(engine, sample, signal));
  return { tokens: Math.round((tokens / Math.max(1, sampled)) * characters), exact: false };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
