import { leafIndex, type OutlineEntry } from '#shared/domain/index.ts';
import type { BookFile } from '../bookFile.ts';
import { PlainTextBook, type TextForm } from './plainTextBook.ts';

/** An ATX heading (CommonMark 0.31, section 4.2): one to six `#` and a title. */
const HEADING = /^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/gm;

/** Its text as it was written, with an outline from its headings. */
const markdownForm: TextForm = {
  format: 'markdown',
  titleOf: (text) => [...text.matchAll(HEADING)].find(([, marks]) => marks === '#')?.[2] ?? null,
  outlineOf: (leaves) =>
    leaves.flatMap((lines, leaf): OutlineEntry[] =>
      [...lines.matchAll(HEADING)].map(({ 1: marks = '', 2: title = '', index }) => ({
        title,
        depth: marks.length - 1,
        target: { leaf: leafIndex(leaf), offset: index },
      })),
    ),
};

/** An open Markdown file. */
export class MarkdownBook extends PlainTextBook {
  constructor(file: BookFile, text: string) {
    super(file, text, markdownForm);
  }
}
