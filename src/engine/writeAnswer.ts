import type { AnswerProgress, AnswerUsage, SamplingOptions } from '#shared/contract/index.ts';
import type { FinishReason } from '#shared/domain/index.ts';
import { Sampler } from './decode/sampler.ts';
import type { Sequence, StepResult } from './decode/sequence.ts';
import { StreamingText, type Tokenizer } from './tokenizer/index.ts';

/** What one run of the decoder needs. */
export interface WriteRequest {
  readonly sequence: Sequence;
  readonly tokenizer: Tokenizer;
  /** The whole prompt; the sequence may have read its beginning before, and has no more than that. */
  readonly promptIds: readonly number[];
  readonly maxNewTokens: number;
  readonly contextTokens: number;
  readonly sampling: SamplingOptions | undefined;
  /** Tokens to write in place of choosing them. */
  readonly forceIds?: readonly number[];
  readonly signal: AbortSignal;
  readonly report: (progress: AnswerProgress) => Promise<void>;
  /** Called after each chunk of the prompt that was read. */
  readonly onChunk?: (() => void) | undefined;
  /** Called for each token of the answer, with the step whose logits it was chosen from. */
  readonly onToken: (id: number, text: string, step: StepResult) => void;
}

/** What it took, but for where: that is known to whoever has the decoder. */
export type WrittenAnswer = Omit<AnswerUsage, 'device' | 'deviceReason'>;

/**
 * Reads a prompt and writes after it, until the model ends its turn, `maxNewTokens` are written,
 * or the model's context is full.
 */
export async function writeAnswer(request: WriteRequest): Promise<WrittenAnswer> {
  const { sequence, tokenizer, promptIds, signal, report, onToken, forceIds } = request;
  const started = performance.now();
  const reusedTokens = sequence.tokens;
  let step = await sequence.prefill(promptIds.slice(reusedTokens), {
    signal,
    onChunk: request.onChunk,
    onProgress: (doneTokens, totalTokens) =>
      void report({ type: 'reading', doneTokens, totalTokens, elapsedMs: performance.now() - started }),
  });
  const prefillMs = performance.now() - started;

  const sampler = new Sampler(request.sampling);
  const stream = new StreamingText(tokenizer);
  const wanted = forceIds?.length ?? request.maxNewTokens;
  let text = '';
  let newTokens = 0;
  let reason: FinishReason = 'length';
  while (newTokens < wanted) {
    signal.throwIfAborted();
    const id = forceIds ? forceIds[newTokens]! : sampler.next(step.logits);
    if (!forceIds && tokenizer.endIds.has(id)) {
      reason = 'stop';
      break;
    }
    const piece = stream.push(id);
    onToken(id, piece, step);
    text += piece;
    newTokens += 1;
    await report({ type: 'token', text: piece, ids: [id] });
    if (newTokens === wanted) break;
    if (sequence.tokens >= request.contextTokens) {
      reason = 'context';
      break;
    }
    step = await sequence.step(id);
  }
  text += stream.finish();
  return {
    reason,
    text,
    promptTokens: promptIds.length,
    reusedTokens,
    newTokens,
    prefillMs,
    decodeMs: performance.now() - started - prefillMs,
    cache: sequence.report(),
  };
}
