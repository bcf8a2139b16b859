import type { DevtoolsPipe } from './devtoolsPipe.ts';

/** A page, frame process or worker of the browser, as DevTools sees it. */
export interface AttachedTarget {
  readonly sessionId: string;
  readonly targetId: string;
  readonly type: string;
}

/** What is prepared in a target before its first line of script runs. */
export type PrepareTarget = (target: AttachedTarget) => Promise<void>;

/**
 * Attaches to every target as it comes up: pages, frames in a process of their own, workers,
 * and what these open. Each waits until it is prepared, so no request and no script slips by.
 */
export async function watchTargets(browser: DevtoolsPipe, prepare: PrepareTarget): Promise<void> {
  browser.on('Target.attachedToTarget', (params) => {
    const { sessionId, targetInfo } = params as unknown as {
      sessionId: string;
      targetInfo: { targetId: string; type: string };
    };
    void attach(browser, { sessionId, targetId: targetInfo.targetId, type: targetInfo.type }, prepare);
  });
  await browser.send('Target.setAutoAttach', AUTO_ATTACH);
}

const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };

async function attach(browser: DevtoolsPipe, target: AttachedTarget, prepare: PrepareTarget): Promise<void> {
  const { sessionId } = target;
  try {
    await Promise.all([
      browser.send('Target.setAutoAttach', AUTO_ATTACH, sessionId).catch(() => undefined),
      prepare(target),
    ]);
  } catch {
    // The target went away while it was prepared.
  }
  await browser.send('Runtime.runIfWaitingForDebugger', {}, sessionId).catch(() => undefined);
}
