import type { AnswerProgress, AnswerRequest, EngineCalls, PartTokens } from '#shared/contract/index.ts';
import type { CacheReport, LoadedModel } from '#shared/domain/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';

/** What the engine has loaded, for tests that need none of it. */
export const scriptedModel: LoadedModel = {
  name: 'Scripted',
  path: '/scripted.gguf',
  fingerprint: '0',
  architecture: 'llama',
  contextTokens: 8_192,
  policy: 'pod',
  planIds: {},
  device: 'cpu',
  deviceReason: 'It is a test.',
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headDim: 4,
  distantKeysDropped: 0.5,
};

/**
 * An engine without weights: a token is a word with the space before it, answers are
 * written beforehand, and attention falls on what a test says. Remembers what it was asked.
 */
export class ScriptedEngine {
  readonly requests: AnswerRequest[] = [];
  contextTokens = scriptedModel.contextTokens;
  freeMemoryBytes = 1e12;
  /** Weight of a sentence's text, for `attended`. */
  attention: (text: string) => number = () => 1;
  /** Awaited between reading and answering. */
  beforeAnswer: (signal: AbortSignal, report: (progress: AnswerProgress) => Promise<void>) => Promise<void> = () =>
    Promise.resolve();
  readonly #answer: (prompt: string) => string;
  #prompt: string[] = [];

  constructor(answer: string | ((prompt: string) => string)) {
    this.#answer = typeof answer === 'string' ? () => answer : answer;
  }

  /** The whole prompt of the last question. */
  get lastPrompt(): string {
    return promptOf(this.requests.at(-1));
  }

  readonly handlers: Handlers<EngineCalls> = {
    devices: () => ['cpu'],
    load: () => scriptedModel,
    count: ({ texts }) => texts.map((text) => tokensOf(text).length),
    budget: ({ tokens }) => ({
      cacheBytes: tokens * 100,
      denseBytes: tokens * 200,
      denseFp16Bytes: tokens * 100,
      freeMemoryBytes: this.freeMemoryBytes,
      contextTokens: this.contextTokens,
    }),
    answer: async (request, { signal, report }) => {
      this.requests.push(request);
      const parts = this.#layOut(request);
      const promptTokens = this.#prompt.length;
      await report({ type: 'prompt', promptTokens, reusedTokens: 0, parts });
      await report({ type: 'reading', doneTokens: 0, totalTokens: promptTokens, elapsedMs: 0 });
      await report({ type: 'reading', doneTokens: promptTokens / 2, totalTokens: promptTokens, elapsedMs: 500 });
      await this.beforeAnswer(signal, report);
      signal.throwIfAborted();
      const text = this.#answer(promptOf(request));
      for (const token of tokensOf(text)) await report({ type: 'token', text: token, ids: [1] });
      const newTokens = tokensOf(text).length;
      return {
        reason: 'stop',
        text,
        promptTokens,
        reusedTokens: 0,
        newTokens,
        prefillMs: 1000,
        decodeMs: 10,
        cache: report100,
        device: scriptedModel.device,
        deviceReason: scriptedModel.deviceReason,
      };
    },
    complete: () => Promise.reject(new Error('Not scripted.')),
    attended: ({ ranges }) => ranges.map(([start, end]) => this.attention(this.#prompt.slice(start, end).join(''))),
    describeMap: () => Promise.reject(new Error('Not scripted.')),
    mapTile: () => Promise.reject(new Error('Not scripted.')),
  };

  #layOut(request: AnswerRequest): PartTokens[] {
    this.#prompt = [];
    const parts: PartTokens[] = [];
    for (const { text, source } of request.messages.flatMap((message) => message.parts)) {
      const tokens = tokensOf(text);
      if (source !== undefined) {
        let at = 0;
        const offsets = [...tokens.map((token) => (at += token.length) - token.length), text.length];
        parts.push({ source, tokenStart: this.#prompt.length, offsets });
      }
      this.#prompt.push(...tokens);
    }
    return parts;
  }
}

const tokensOf = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? [];

const promptOf = (request: AnswerRequest | undefined): string =>
  request?.messages.flatMap(({ parts }) => parts.map(({ text }) => text)).join('') ?? '';

const report100: CacheReport = {
  policy: 'pod',
  planId: 'pod-test',
  tokens: 100,
  nearTokens: 60,
  distantTokens: 40,
  nearBytes: 60,
  farKeyBytes: 20,
  farValueBytes: 20,
  snapshotBytes: 0,
  cacheBytes: 100,
  denseBytes: 200,
  denseFp16Bytes: 150,
  distantKeysDropped: 0.5,
};
