import type { BudgetEstimate } from '#shared/contract/index.ts';
import { MAX_ANSWER_TOKENS, MEMORY_SHARE, PROMPT_RESERVE_TOKENS } from './readingLimits.ts';
import type { EngineClient } from './services.ts';

/** How much text one question may read. */
export interface ReadingBudget {
  readonly tokens: number;
  readonly contextTokens: number;
  /** What sets the limit. */
  readonly limitedBy: 'context' | 'memory';
}

/**
 * The most tokens of text that fit the model's context and the free memory, with room for
 * instruction, question and answer.
 */
export async function readingBudget(
  engine: EngineClient,
  contextTokens: number,
  signal?: AbortSignal,
): Promise<ReadingBudget> {
  const byContext = Math.max(0, contextTokens - MAX_ANSWER_TOKENS - PROMPT_RESERVE_TOKENS);
  const full = await engine.call('budget', { tokens: contextTokens }, { signal });
  const byMemory = affordableTokens(full, contextTokens);
  return byMemory < byContext
    ? { tokens: byMemory, contextTokens, limitedBy: 'memory' }
    : { tokens: byContext, contextTokens, limitedBy: 'context' };
}

function affordableTokens({ cacheBytes, freeMemoryBytes }: BudgetEstimate, contextTokens: number): number {
  if (cacheBytes === 0) return contextTokens;
  return Math.floor((MEMORY_SHARE * freeMemoryBytes * contextTokens) / cacheBytes);
}
