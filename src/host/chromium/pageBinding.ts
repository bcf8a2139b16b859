import type { CallEvent } from '#main/electronParts.ts';
import type { DevtoolsPipe } from './devtoolsPipe.ts';
import { DELIVER, INVOKE_BINDING, RESOLVE } from './initScript.ts';

/** Carries out a call of the page. */
export type InvokeHandler = (channel: string, event: CallEvent, args: readonly unknown[]) => Promise<unknown>;

interface ContextInfo {
  readonly id: number;
  readonly origin: string;
  readonly auxData?: { readonly frameId?: string; readonly isDefault?: boolean };
}

/**
 * The line between the window's page and `ipcMain`. The binding exists in the window's own
 * process only, never in a book frame's; the frame that calls is told by the browser and not
 * by the page.
 */
export class PageBinding {
  readonly #browser: DevtoolsPipe;
  readonly #sessionId: string;
  readonly #targetId: string;
  readonly #invoke: InvokeHandler;
  readonly #contexts = new Map<number, ContextInfo>();
  #windowUrl = '';

  constructor(browser: DevtoolsPipe, sessionId: string, targetId: string, invoke: InvokeHandler) {
    this.#browser = browser;
    this.#sessionId = sessionId;
    this.#targetId = targetId;
    this.#invoke = invoke;
  }

  /** Installs the binding and the script that runs before the page's own. */
  async install(script: string): Promise<void> {
    const hear = (method: string, listener: (params: never) => void): void =>
      this.#browser.on(method, (params, session) => {
        if (session === this.#sessionId) listener(params as never);
      });
    hear('Runtime.executionContextCreated', ({ context }: { context: ContextInfo }) =>
      this.#contexts.set(context.id, context),
    );
    hear('Runtime.executionContextDestroyed', ({ executionContextId }: { executionContextId: number }) =>
      this.#contexts.delete(executionContextId),
    );
    hear('Runtime.executionContextsCleared', () => this.#contexts.clear());
    hear('Page.frameNavigated', ({ frame }: { frame: { id: string; url: string } }) => {
      if (frame.id === this.#targetId) this.#windowUrl = frame.url;
    });
    hear(
      'Runtime.bindingCalled',
      (called: { name: string; payload: string; executionContextId: number }) =>
        void (called.name === INVOKE_BINDING && this.#called(called.payload, called.executionContextId)),
    );
    await this.#send('Page.enable');
    await this.#send('Runtime.enable');
    await this.#send('Runtime.addBinding', { name: INVOKE_BINDING });
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source: script });
  }

  /** Hands an event to the page. They arrive in order; one sent to a page that is going away is lost, as in Electron. */
  deliver(channel: string, args: readonly unknown[]): void {
    void this.#evaluate(`globalThis.${DELIVER}?.(${JSON.stringify(channel)}, ${JSON.stringify(args)})`);
  }

  async #called(payload: string, contextId: number): Promise<void> {
    const { id, channel, args } = JSON.parse(payload) as { id: number; channel: string; args: unknown[] };
    const event: CallEvent = { senderFrame: this.#sender(contextId), sender: { id: WINDOW_CONTENTS_ID } };
    const outcome = await this.#invoke(channel, event, args).then(
      (value) => ({ value }),
      (thrown: unknown) => ({ error: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
    await this.#evaluate(`globalThis.${RESOLVE}?.(${id}, ${JSON.stringify(outcome)})`, contextId);
  }

  #sender(contextId: number): CallEvent['senderFrame'] {
    const context = this.#contexts.get(contextId);
    if (!context?.auxData?.isDefault) return null;
    const isWindow = context.auxData.frameId === this.#targetId;
    const top = { url: this.#windowUrl, origin: originOf(this.#windowUrl), parent: null };
    return isWindow ? { ...top, origin: context.origin } : { url: '', origin: context.origin, parent: top };
  }

  async #evaluate(expression: string, contextId?: number): Promise<void> {
    const where = contextId === undefined ? {} : { contextId };
    await this.#send('Runtime.evaluate', { expression, ...where }).catch(() => undefined);
  }

  #send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return this.#browser.send(method, params, this.#sessionId);
  }
}

/** Id of the web contents of the one window this host has. */
export const WINDOW_CONTENTS_ID = 1;

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'null');
