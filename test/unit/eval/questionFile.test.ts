import { describe, expect, it } from 'vitest';
import { bookQuestions, guideQuestions } from '../../../eval/tasks/questionFile.ts';

describe.each([
  ['Pride and Prejudice', bookQuestions, 20],
  ['the welcome guide', guideQuestions, 10],
] as const)('the questions on %s', (_, questionsOf, least) => {
  it('have answers that stand word for word in the passage they name', async () => {
    const { parts, questions } = await questionsOf();
    expect(questions.length).toBeGreaterThanOrEqual(least);
    for (const { partId, answers } of questions) {
      const passage = parts.find(({ id }) => id === partId)!.text;
      for (const answer of answers) expect(passage).toContain(answer);
    }
  });

  it('do not tell the answer themselves', async () => {
    for (const { question, lead, answers } of (await questionsOf()).questions) {
      for (const answer of answers) expect(`${question} ${lead}`).not.toContain(answer);
    }
  });
});

it('the first passages come with the questions on them alone', async () => {
  const { parts, questions } = await bookQuestions(3);
  expect(parts).toHaveLength(3);
  expect(new Set(questions.map(({ partId }) => partId))).toEqual(new Set(parts.map(({ id }) => id)));
});
