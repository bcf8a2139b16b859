import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDocument } from '#documents/index.ts';
import type { LeafText } from '#shared/domain/index.ts';
import { holdsWords } from '../../../eval/scoring/holdsWords.ts';
import { readTalks } from '../../../eval/talks/talk.ts';
import { tellingParagraphs } from '../../../eval/talks/tellingParagraphs.ts';

const books = join(import.meta.dirname, '../../../../shared/data/books');
const talks = await readTalks(books);

async function leavesOf(path: string): Promise<LeafText[]> {
  const book = await openDocument(path);
  try {
    const leaves: LeafText[] = [];
    for (const { index } of book.info.leaves) leaves.push(await book.readLeaf(index));
    return leaves;
  } finally {
    await book.close();
  }
}

describe.each(talks)('the talk on the $document', ({ path, part, questions }) => {
  it('has ten questions that do not tell their answers, nor do those before', () => {
    expect(questions).toHaveLength(10);
    for (const [place, { words }] of questions.entries()) {
      const asked = questions.slice(0, place + 1).map(({ question }) => question);
      expect(asked.filter((question) => holdsWords(question, words))).toEqual([]);
    }
  });

  it.skipIf(!existsSync(path))('is told by the paragraphs that it names (skipped without ../shared/data)', async () => {
    const leaves = (await leavesOf(path)).filter(({ index }) => !part || (index >= part.first && index <= part.last));
    for (const { words, sources } of questions) {
      const told = tellingParagraphs(leaves, sources).map(({ leaf, start, end }) =>
        leaves.find(({ index }) => index === leaf)!.text.slice(start, end),
      );
      // Each thing that is asked for; what they tell together may stand in several.
      expect(words.filter((ways) => !told.some((text) => holdsWords(text, [ways])))).toEqual([]);
    }
  });
});
