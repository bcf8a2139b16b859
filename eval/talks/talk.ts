import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { evalBooks } from '../config.ts';

const questionSchema = z.object({
  question: z.string().min(1),
  /** What a right answer holds: one of the ways of writing, of each thing that is asked for. */
  words: z.array(z.array(z.string().min(1)).min(1)).min(1),
  /** Stretches of the document, letter for letter; the paragraphs that hold them tell the answer. */
  sources: z.array(z.string().min(1)).min(1),
});
const talkSchema = z.object({
  document: z.enum(['guide', 'novel', 'chapters']),
  /** Of what is asked about, for each question: `brief` reads what search picks, `full` as much as fits. */
  amount: z.enum(['brief', 'full']),
  /** What of the document is asked about, the last leaf included. @default all of it */
  part: z.object({ title: z.string(), first: z.int(), last: z.int() }).optional(),
  questions: z.array(questionSchema).min(1),
});

/** One question of a conversation, and how its answer is judged. */
export type TalkQuestion = z.infer<typeof questionSchema>;

/** Questions on one document that are asked one after another, each with the turns before it. */
export interface Talk extends z.infer<typeof talkSchema> {
  /** Where the document lies. */
  readonly path: string;
}

const local = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * The conversations, read as the product reads: on the welcome guide as a whole; on the novel of reports, of which
 * passages are picked for each question; and on its first chapters, which are longer than what stays near as a whole.
 * @param booksFolder where the novels lie
 */
export function readTalks(booksFolder: string): Promise<readonly Talk[]> {
  const files = [
    ['eval/questions/welcomeTalk.json', local('resources/welcome.md')],
    ['eval/questions/prideAndPrejudiceTalk.json', join(booksFolder, evalBooks.reporting)],
    ['eval/questions/prideAndPrejudiceChaptersTalk.json', join(booksFolder, evalBooks.reporting)],
  ] as const;
  return Promise.all(
    files.map(async ([name, path]) => ({ ...talkSchema.parse(JSON.parse(await readFile(local(name), 'utf8'))), path })),
  );
}
