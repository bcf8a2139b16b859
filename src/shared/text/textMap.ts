/** A stretch of plain text that was taken, character by character, from one source. */
export interface TextRun<Source> {
  readonly source: Source;
  /** Where the run begins in the source, in UTF-16 units. */
  readonly sourceStart: number;
  /** Where the run begins in the plain text. */
  readonly start: number;
  readonly length: number;
}

/** A stretch `[start, end)` inside one source: a text item of a PDF page, or a text node. */
export interface SourceRange<Source> {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/**
 * Plain text with the way back to where each character came from. Characters that no
 * source holds (line breaks between blocks) lie between runs; characters of a source that
 * plain text leaves out (a hyphen at a line end, collapsed white space) lie in no run.
 */
export class TextMap<Source> {
  readonly text: string;
  /** In the order of the text, without overlap. */
  readonly runs: readonly TextRun<Source>[];
  #bySource: Map<Source, TextRun<Source>[]> | null = null;

  constructor(text: string, runs: readonly TextRun<Source>[]) {
    this.text = text;
    this.runs = runs;
  }

  /**
   * What `[start, end)` of the text covers in the sources, in order, one range for each
   * unbroken stretch of a source. Empty when the stretch came from no source.
   */
  rangesOf(start: number, end: number): SourceRange<Source>[] {
    const ranges: { source: Source; start: number; end: number }[] = [];
    for (let index = this.#firstRunEndingAfter(start); index < this.runs.length; index++) {
      const run = this.runs[index]!;
      if (run.start >= end) break;
      const from = run.sourceStart + Math.max(0, start - run.start);
      const to = run.sourceStart + Math.min(run.length, end - run.start);
      const last = ranges.at(-1);
      if (last && last.source === run.source && from >= last.end) last.end = to;
      else ranges.push({ source: run.source, start: from, end: to });
    }
    return ranges;
  }

  /**
   * The offset in the text of a place inside a source. A place among characters that were
   * left out counts as the nearest one before it. Null when nothing of the source is in the text.
   */
  offsetOf(source: Source, sourceOffset: number): number | null {
    const runs = this.#runsOf(source);
    if (!runs?.[0]) return null;
    let found: TextRun<Source> | undefined;
    for (const run of runs) {
      if (run.sourceStart > sourceOffset) break;
      found = run;
    }
    if (!found) return runs[0].start;
    return found.start + Math.min(found.length, sourceOffset - found.sourceStart);
  }

  #firstRunEndingAfter(offset: number): number {
    let low = 0;
    let high = this.runs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const run = this.runs[middle]!;
      if (run.start + run.length > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #runsOf(source: Source): TextRun<Source>[] | undefined {
    if (!this.#bySource) {
      this.#bySource = new Map();
      for (const run of this.runs) {
        const runs = this.#bySource.get(run.source);
        if (runs) runs.push(run);
        else this.#bySource.set(run.source, [run]);
      }
    }
    return this.#bySource.get(source);
  }
}
