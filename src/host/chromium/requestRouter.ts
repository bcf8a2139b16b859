import type { DevtoolsPipe } from './devtoolsPipe.ts';

/** A request that waits for its answer. */
export interface PausedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a frame wants to go there, and which. */
  readonly navigates: 'window' | 'frame' | 'newWindow' | null;
}

/** Null refuses the request. */
export type AnswerRequest = (request: PausedRequest) => Promise<Response | null>;

interface PausedParams {
  readonly requestId: string;
  readonly request: { readonly url: string; readonly method: string; readonly headers: Record<string, string> };
  readonly frameId: string;
  readonly resourceType: string;
}

/**
 * Answers every request of the browser's targets; none goes out. `prepare` is called for each
 * target that makes requests.
 */
export class RequestRouter {
  readonly #browser: DevtoolsPipe;
  readonly #windowTargetId: string;
  readonly #answer: AnswerRequest;
  /** Sessions of pages that something opened beside the window. */
  readonly #strangers = new Set<string>();

  constructor(browser: DevtoolsPipe, windowTargetId: string, answer: AnswerRequest) {
    this.#browser = browser;
    this.#windowTargetId = windowTargetId;
    this.#answer = answer;
    browser.on('Fetch.requestPaused', (params, sessionId) => {
      if (sessionId !== undefined) void this.#take(params as unknown as PausedParams, sessionId);
    });
  }

  async prepare(sessionId: string, isStranger: boolean): Promise<void> {
    if (isStranger) this.#strangers.add(sessionId);
    await this.#browser.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }, sessionId);
  }

  async #take({ requestId, request, frameId, resourceType }: PausedParams, sessionId: string): Promise<void> {
    const { url, method, headers } = request;
    try {
      const navigates = resourceType === 'Document' ? this.#navigator(frameId, sessionId) : null;
      const response = await this.#answer({ url, method, headers, navigates });
      if (response) await this.#fulfil(requestId, response, sessionId);
      else await this.#fail(requestId, sessionId);
    } catch {
      // The page or frame went away, or the request was given up, while it was answered.
      await this.#fail(requestId, sessionId).catch(() => undefined);
    }
  }

  #navigator(frameId: string, sessionId: string): PausedRequest['navigates'] {
    if (this.#strangers.has(sessionId)) return 'newWindow';
    return frameId === this.#windowTargetId ? 'window' : 'frame';
  }

  async #fulfil(requestId: string, response: Response, sessionId: string): Promise<void> {
    const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    const answer = { requestId, responseCode: response.status, responseHeaders, body };
    await this.#browser.send('Fetch.fulfillRequest', answer, sessionId);
  }

  async #fail(requestId: string, sessionId: string): Promise<void> {
    await this.#browser.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }, sessionId);
  }
}
