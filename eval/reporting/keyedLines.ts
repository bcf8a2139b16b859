import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

/**
 * Results as JSON lines. Each is written as soon as it is there, so that a run can be killed at any time; a last line
 * that was cut, or is of another form, is passed over. Of two with one key the later one counts.
 */
export class KeyedLines<Line extends { readonly key: string }> {
  readonly #path: string;
  readonly #lines = new Map<string, Line>();

  constructor(path: string, schema: z.ZodType<Line>) {
    this.#path = path;
    if (!existsSync(path)) return;
    for (const text of readFileSync(path, 'utf8').split('\n')) {
      const line = parsed(text, schema);
      if (line) this.#lines.set(line.key, line);
    }
  }

  get(key: string): Line | undefined {
    return this.#lines.get(key);
  }

  add(line: Line): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const isCut = existsSync(this.#path) && !/(?:^|\n)$/u.test(readFileSync(this.#path, 'utf8'));
    appendFileSync(this.#path, `${isCut ? '\n' : ''}${JSON.stringify(line)}\n`);
    this.#lines.set(line.key, line);
  }
}

function parsed<Line>(text: string, schema: z.ZodType<Line>): Line | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
