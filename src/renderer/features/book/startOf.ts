import type { TextPosition, TextSpan } from '#shared/domain/index.ts';

/** Where a span begins, as a place to go to. */
export function startOf({ leaf, start }: TextSpan): TextPosition {
  return { leaf, offset: start };
}
