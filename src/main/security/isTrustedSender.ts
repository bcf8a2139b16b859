import { appUrls } from '../../shared/contract/index.ts';
import type { CallEvent } from '../electronParts.ts';

/**
 * Whether a call comes from the page of a window that Proxima opened, and not from a book
 * frame, a page that something navigated to, or a frame that is already gone.
 *
 * @param windowIds ids of the web contents of Proxima's own windows
 */
export function isTrustedSender(event: CallEvent, windowIds: ReadonlySet<number>, origin: string): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame.parent !== null) return false;
  if (!windowIds.has(event.sender.id)) return false;
  return frame.origin === origin && withoutFragment(frame.url) === appUrls.window(origin);
}

const withoutFragment = (url: string): string => url.split('#', 1)[0] ?? '';
