import { z } from 'zod';
import { type AppCallName, appCallNames, CALL_CHANNEL, type CallOutcome } from '../../shared/contract/index.ts';
import { CallError, InputError, toWire } from '../../shared/errors/index.ts';
import type { CallEvent, ElectronParts } from '../electronParts.ts';
import type { AppHandlers } from './appHandlers.ts';
import { callSchemas } from './callSchemas.ts';

export interface RegisterCallsOptions {
  readonly ipcMain: ElectronParts['ipcMain'];
  readonly handlers: AppHandlers;
  /** See `isTrustedSender`. */
  readonly isTrusted: (event: CallEvent) => boolean;
}

/**
 * The one place where a page's calls come in. Each is checked for its sender, its name and
 * its input, in this order, and answered with an outcome: Electron would lose a thrown
 * error's class.
 */
export function registerCalls({ ipcMain, handlers, isTrusted }: RegisterCallsOptions): void {
  ipcMain.handle(CALL_CHANNEL, async (event, name, input): Promise<CallOutcome<unknown>> => {
    try {
      if (!isTrusted(event)) throw refusedSender();
      if (!isCallName(name)) throw unknownCall(name);
      return { ok: true, output: await run(handlers, name, input) };
    } catch (thrown) {
      return { ok: false, error: toWire(thrown) };
    }
  });
}

async function run(handlers: AppHandlers, name: AppCallName, input: unknown): Promise<unknown> {
  const parsed = callSchemas[name].safeParse(input);
  if (!parsed.success) {
    throw new InputError(
      'input/invalid',
      `The call ${name} was given what it does not take: ${z.prettifyError(parsed.error)}.`,
      {
        advice: 'This is a fault in Proxima. Please report it with what you did just before.',
      },
    );
  }
  const handler = handlers[name] as (input: unknown) => Promise<unknown>;
  return await handler(parsed.data);
}

const isCallName = (name: unknown): name is AppCallName => appCallNames.includes(name as AppCallName);

function refusedSender(): CallError {
  return new CallError('call/unknown', 'Only the page of a Proxima window may call.', {
    advice: 'Use the window that Proxima opened.',
  });
}

function unknownCall(name: unknown): CallError {
  return new CallError('call/unknown', `No call is named "${String(name)}".`, {
    advice: 'Restart Proxima: its parts are of different versions.',
  });
}
