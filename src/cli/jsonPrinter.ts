import type { AnswerEvent } from '#shared/domain/index.ts';
import type { Terminal } from './terminal.ts';

/** One event a line, `type` first: what programs read. */
export function printJson(terminal: Terminal, event: { readonly type: string } | AnswerEvent): void {
  const { type, ...rest } = event;
  terminal.out.write(`${JSON.stringify({ type, ...rest })}\n`);
}
