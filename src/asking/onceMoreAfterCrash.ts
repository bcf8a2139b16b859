import { once } from 'node:events';
import { ReaderError } from '#shared/errors/index.ts';
import type { AnswerStream } from './answerStream.ts';

/** What a person is told when the engine's process died and the answer begins again. */
const STATEMENT = 'The engine stopped while it was answering. It is started anew, and the answer begins again.';

/**
 * Has the engine do its work, and once more if its process dies meanwhile and can be started anew. Twice
 * is no accident: the second death ends the answer. A stop does not wait for the start.
 *
 * @param restartEngine resolves when the same model is loaded again; null where nobody can do that
 * @throws {CallError} `call/disconnected` for a death that is not made good, and whatever the work throws
 */
export async function onceMoreAfterCrash<Result>(
  work: () => Promise<Result>,
  stream: AnswerStream,
  restartEngine: (() => Promise<unknown>) | null,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    const died = thrown instanceof ReaderError && thrown.code === 'call/disconnected';
    if (!died || !restartEngine || signal.aborted) throw thrown;
  }
  await stream.emit({ type: 'restarted', statement: STATEMENT });
  await Promise.race([restartEngine(), once(signal, 'abort')]);
  signal.throwIfAborted();
  return work();
}
