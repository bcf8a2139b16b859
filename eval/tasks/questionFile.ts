import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { QuestionedText } from './question.ts';

const questionSchema = z.object({
  passage: z.string(),
  question: z.string(),
  lead: z.string(),
  /** Stand in the passage, letter for letter. */
  answers: z.array(z.string()).min(1),
});
const bookSchema = z.object({
  passages: z.array(z.object({ id: z.string(), text: z.string() })),
  questions: z.array(questionSchema),
});
const guideSchema = z.object({ questions: z.array(questionSchema) });

const file = (name: string): URL => new URL(`../questions/${name}`, import.meta.url);
const readJson = async (url: URL): Promise<unknown> => JSON.parse(await readFile(url, 'utf8'));

/**
 * Passages of *Pride and Prejudice* with questions whose answers stand in them word for word.
 * @param count only so many passages, with the questions on them
 */
export async function bookQuestions(count = Infinity): Promise<QuestionedText> {
  const { passages, questions } = bookSchema.parse(await readJson(file('prideAndPrejudice.json')));
  const parts = passages.slice(0, count);
  const asked = questions.filter(({ passage }) => parts.some(({ id }) => id === passage));
  return { id: 'pride-and-prejudice', parts, questions: asked.map(asQuestion('qa')) };
}

/** The welcome guide, by its sections, with such questions. */
export async function guideQuestions(): Promise<QuestionedText> {
  const guide = await readFile(new URL('../../resources/welcome.md', import.meta.url), 'utf8');
  const { questions } = guideSchema.parse(await readJson(file('welcome.json')));
  const parts = guide.split(/^(?=## )/mu).map((text) => ({ id: /^#+ (.*)$/mu.exec(text)?.[1] ?? '', text }));
  return { id: 'welcome', parts, questions: questions.map(asQuestion('guide')) };
}

const asQuestion =
  (task: 'qa' | 'guide') =>
  ({ passage, question, lead, answers }: z.infer<typeof questionSchema>) => ({
    task,
    question,
    lead,
    answers,
    distractors: [],
    depth: null,
    partId: passage,
  });
