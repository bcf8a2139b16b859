import type { AnswerEvent } from '#shared/domain/index.ts';
import { formatBytes, formatCount, formatDuration } from './formatSizes.ts';
import { ProgressLine, type Terminal } from './terminal.ts';

/** Letters of a quote that a line of evidence shows. */
const QUOTE_CHARACTERS = 160;

/** Writes an answer for people: what is read and the progress to the error stream, the answer to the output. */
export class AnswerPrinter {
  readonly #terminal: Terminal;
  readonly #line: ProgressLine;
  #citations = 0;
  #hasText = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#line = new ProgressLine(terminal);
  }

  print(event: AnswerEvent): void {
    const { out, err } = this.#terminal;
    switch (event.type) {
      case 'started':
        err.write(`${event.statement}\n${event.model}, policy ${event.policy}, on ${event.device}.\n\n`);
        break;
      case 'reading': {
        const left = event.remainingMs === null ? '' : `, ${formatDuration(event.remainingMs)} left`;
        this.#line.show(`Reading ${formatCount(event.doneTokens)} of ${formatCount(event.totalTokens)} tokens${left}`);
        break;
      }
      case 'restarted':
        this.#line.clear();
        if (this.#hasText) out.write('\n');
        err.write(`${event.statement}\n`);
        break;
      case 'deviceFailed':
        this.#line.clear();
        if (this.#hasText) err.write('\n');
        err.write(`${event.statement}\n`);
        break;
      case 'token':
        this.#line.clear();
        this.#hasText = true;
        out.write(event.text);
        break;
      case 'cited': {
        const { anchor, label, kind, attentionShare } = event.evidence;
        if (this.#citations++ === 0) out.write('\n\nIt leans on:\n');
        const how = kind === 'quoted' ? 'quoted' : `attended, ${Math.round(attentionShare * 100)}%`;
        out.write(`  ${label} (${how}): “${shorten(anchor.quote)}”\n`);
        break;
      }
      case 'finished':
        if (this.#citations === 0) out.write('\n');
        this.#finish(event);
        break;
      case 'cancelled':
        this.#line.clear();
        err.write('\nCancelled.\n');
        break;
      case 'failed':
        this.#line.clear();
        if (this.#hasText) out.write('\n');
        err.write(`${event.error.message} ${event.error.advice}\n`);
        break;
      default:
        event satisfies never;
    }
  }

  #finish(event: Extract<AnswerEvent, { type: 'finished' }>): void {
    const { err } = this.#terminal;
    if (event.reason === 'length') err.write('\nThe answer was stopped at its longest length.\n');
    if (event.unsupportedWords.length > 0) {
      err.write(`\nDoubt this: ${event.unsupportedWords.join(', ')} stands nowhere in the text that was read.\n`);
    }
    if (event.promptTokens === 0) return;
    const { droppedTokens = 0 } = event.cache;
    const saved = 1 - event.cacheBytes / event.denseFp16Bytes;
    err.write(
      `\nRead ${formatCount(event.promptTokens - event.reusedTokens)} tokens${reused(event.reusedTokens)} in ${formatDuration(event.prefillMs)}, wrote ${formatCount(event.newTokens)} in ` +
        `${formatDuration(event.decodeMs)}. Cache (${event.policy}${event.cache.adapter ? ', adapted weights' : ''}): ${formatBytes(event.cacheBytes)}; an ordinary one takes ` +
        `${formatBytes(event.denseFp16Bytes)} in 16 bits, ${formatBytes(event.denseBytes)} in 32 bits` +
        `${saved > 0 ? ` (${Math.round(saved * 100)}% saved)` : ''}.` +
        `${droppedTokens > 0 ? ` Of the text, ${formatCount(droppedTokens)} tokens were dropped and played no part.` : ''}\n`,
    );
  }
}

/** Tokens that an earlier question had read. */
const reused = (tokens: number): string => (tokens === 0 ? '' : ` (and ${formatCount(tokens)} before)`);

function shorten(quote: string): string {
  const line = quote.replaceAll(/\s+/g, ' ');
  return line.length <= QUOTE_CHARACTERS ? line : `${line.slice(0, QUOTE_CHARACTERS)}…`;
}
