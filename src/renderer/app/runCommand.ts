import type { AppCommand } from '#shared/contract/index.ts';
import { startOf } from '../features/book/startOf.ts';
import type { Stores } from './stores.ts';

/** Everything a key or a menu entry can do, and no more than the mouse can do as well. */
export type Command = AppCommand | 'back' | 'forward' | 'nextHit' | 'previousHit' | 'settings' | 'escape';

/** Carries out a command wherever it came from: system menu, keyboard, or the book frame. */
export function runCommand(stores: Stores, command: Command): void {
  const { shell, book, library, search, map } = stores;
  const hasBook = book.getState().book !== null;
  switch (command) {
    case 'open':
      void library.getState().pick();
      return;
    case 'settings':
      shell.getState().showDialog('settings');
      return;
    case 'escape':
      // The innermost thing closes first.
      if (shell.getState().overlay) shell.getState().closeOverlay();
      else if (map.getState().answerId) map.getState().close();
      else if (book.getState().externalLink !== null) book.getState().dismissLink();
      else book.getState().mark([]);
      return;
    default:
      break;
  }
  if (!hasBook) return;
  switch (command) {
    case 'find':
      shell.getState().find();
      break;
    case 'toggleOutline':
      shell.getState().toggle('left');
      break;
    case 'toggleChat':
      shell.getState().toggle('ask');
      break;
    case 'zoomIn':
      void book.getState().zoom('in');
      break;
    case 'zoomOut':
      void book.getState().zoom('out');
      break;
    case 'zoomReset':
      void book.getState().zoom('width');
      break;
    case 'back':
      book.getState().goBack();
      break;
    case 'forward':
      book.getState().goForward();
      break;
    case 'nextHit':
    case 'previousHit': {
      const hit = search.getState().step(command === 'nextHit' ? 1 : -1);
      if (hit) book.getState().jump(startOf(hit.span), [{ span: hit.span, kind: 'current' }]);
      break;
    }
    default:
      command satisfies never;
  }
}
