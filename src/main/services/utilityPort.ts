import type { Port } from '../../shared/rpc/index.ts';
import type { UtilityPart } from '../electronParts.ts';

/** The parent's end of the line to a child process; the child's is `childPort`. */
export function utilityPort(child: UtilityPart): Port {
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onClose: (listener) => void child.on('exit', listener),
  };
}
