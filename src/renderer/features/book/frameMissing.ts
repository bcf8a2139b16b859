import { CallError } from '#shared/errors/index.ts';

/** The page view did not start. */
export function frameMissing(): CallError {
  return new CallError('call/disconnected', 'The page view of this book did not start.', {
    advice: 'Reload the book. Your place and the conversation are kept.',
    retryable: true,
  });
}
