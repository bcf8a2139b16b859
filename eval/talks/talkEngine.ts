import type { EngineClient } from '../../src/asking/index.ts';
import type { AnswerRequest, EngineCalls } from '../../src/shared/contract/index.ts';
import type { CallOptions } from '../../src/shared/rpc/index.ts';

/** The engine as the product calls it, but for two things: answers end sooner, and what the model reads can be seen. */
export class TalkEngine implements EngineClient {
  readonly #engine: EngineClient;
  readonly #mostAnswerTokens: number;
  #readTexts: readonly string[] = [];

  constructor(engine: EngineClient, mostAnswerTokens: number) {
    this.#engine = engine;
    this.#mostAnswerTokens = mostAnswerTokens;
  }

  /** The pieces of the document in the last prompt; none where nothing was read. */
  get readTexts(): readonly string[] {
    return this.#readTexts;
  }

  call<Name extends keyof EngineCalls>(
    name: Name,
    input: EngineCalls[Name]['in'],
    options?: CallOptions<EngineCalls[Name]['progress']>,
  ): Promise<EngineCalls[Name]['out']> {
    if (name !== 'answer') return this.#engine.call(name, input, options);
    const request = input as AnswerRequest;
    const parts = request.messages.flatMap((message) => message.parts);
    this.#readTexts = parts.filter(({ source }) => source !== undefined).map(({ text }) => text);
    const maxNewTokens = Math.min(request.maxNewTokens, this.#mostAnswerTokens);
    return this.#engine.call(name, { ...request, maxNewTokens }, options);
  }
}
