import { TextMap, type TextRun } from './textMap.ts';

/** Spaces of every width that a reader sees as one: no-break, en, em, thin, narrow. */
const WIDE_SPACE = /[\u00a0\u2000-\u200a\u202f\u205f]/g;
/** Marks without width or meaning for a reader: soft hyphen, zero-width space, word joiner, byte order mark. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/;
/** What markup and PDFs treat as one space. */
const WHITE = /[ \t\n\r\f]/;

/**
 * Collects plain text with its map. White space is collapsed as a reader sees it: a run of
 * it becomes one space that belongs to its first character, and none at the edge of a line.
 */
export class TextMapBuilder<Source> {
  #text = '';
  readonly #runs: { source: Source; sourceStart: number; start: number; length: number }[] = [];
  #space: { source: Source; sourceOffset: number } | 'synthetic' | null = null;
  #breaks = 0;

  get length(): number {
    return this.#text.length;
  }

  /** The last characters of what has been written, for decisions at line ends. */
  tail(characters: number): string {
    return this.#text.slice(-characters);
  }

  /** Asks for `breaks` line breaks before the next character: 1 for a line, 2 for a block. Nothing before the first. */
  breakLine(breaks: 1 | 2): void {
    this.#breaks = Math.max(this.#breaks, breaks);
    this.#space = null;
  }

  /** Asks for one space before the next character, unless a line break or a space is due. */
  space(): void {
    if (this.#breaks === 0) this.#space ??= 'synthetic';
  }

  /** Lets the next characters follow without a space, as within a word. */
  joinWord(): void {
    this.#space = null;
  }

  /** Takes the last character back, so that a hyphen at a line end leaves no trace. */
  dropLast(): void {
    this.#text = this.#text.slice(0, -1);
    const last = this.#runs.at(-1);
    if (last && last.start + last.length > this.#text.length) last.length -= 1;
    if (last?.length === 0) this.#runs.pop();
  }

  /** Adds characters of a source with white space collapsed. */
  add(source: Source, value: string): void {
    let index = 0;
    while (index < value.length) {
      const character = value[index]!;
      if (WHITE.test(character)) {
        if (this.#breaks === 0 && !this.#atLineStart()) this.#space ??= { source, sourceOffset: index };
        index += 1;
      } else if (INVISIBLE.test(character)) {
        index += 1;
      } else {
        let end = index + 1;
        while (end < value.length && !WHITE.test(value[end]!) && !INVISIBLE.test(value[end]!)) end += 1;
        this.#flush();
        this.#write(source, index, value.slice(index, end));
        index = end;
      }
    }
  }

  /** Adds characters of a source as they are, line breaks and all: preformatted text. */
  addVerbatim(source: Source, value: string): void {
    let index = 0;
    while (index < value.length) {
      if (INVISIBLE.test(value[index]!)) {
        index += 1;
        continue;
      }
      let end = index + 1;
      while (end < value.length && !INVISIBLE.test(value[end]!)) end += 1;
      this.#flush();
      this.#write(source, index, value.slice(index, end));
      index = end;
    }
  }

  build(): TextMap<Source> {
    const runs: readonly TextRun<Source>[] = this.#runs;
    return new TextMap(this.#text, runs);
  }

  #atLineStart(): boolean {
    return this.#text === '' || this.#text.endsWith('\n');
  }

  #flush(): void {
    if (this.#breaks > 0) {
      if (this.#text !== '') this.#text += '\n'.repeat(this.#breaks);
    } else if (this.#space === 'synthetic') {
      if (!this.#atLineStart()) this.#text += ' ';
    } else if (this.#space) {
      this.#write(this.#space.source, this.#space.sourceOffset, ' ');
    }
    this.#breaks = 0;
    this.#space = null;
  }

  #write(source: Source, sourceStart: number, characters: string): void {
    const start = this.#text.length;
    this.#text += characters.replace(WIDE_SPACE, ' ');
    const last = this.#runs.at(-1);
    const continues =
      last?.source === source && last.sourceStart + last.length === sourceStart && last.start + last.length === start;
    if (last && continues) last.length += characters.length;
    else this.#runs.push({ source, sourceStart, start, length: characters.length });
  }
}
