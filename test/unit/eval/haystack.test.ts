import { describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/explore/seededRandom.ts';
import { conversation } from '../../../eval/tasks/conversation.ts';
import { wordLists } from '../../../eval/tasks/facts.ts';
import { haystack } from '../../../eval/tasks/haystack.ts';

const sentences = Array.from({ length: 200 }, (_, index) =>
  index % 10 === 0 ? `The apple of number ${index} was green.` : `Nothing of note went on in year ${index}.`,
);
const made = (seed: number) => haystack('h', sentences, seededRandom(seed));
const text = made(1).parts[0]!.text;
const holds = (word: string): boolean => new RegExp(`\\b${word}\\b`, 'u').test(text);
const questionsOf = (task: string) => made(1).questions.filter((question) => question.task === task);

describe('a haystack', () => {
  it('is the same from the same seed, and another one from another', () => {
    expect(made(1)).toEqual(made(1));
    expect(made(2)).not.toEqual(made(1));
  });

  it('asks in all shapes, and holds every answer', () => {
    const counts = Object.groupBy(made(1).questions, ({ task }) => task);
    expect(Object.fromEntries(Object.entries(counts).map(([task, asked]) => [task, asked.length]))).toEqual({
      needle: 8,
      multiKey: 8,
      multiValue: 1,
      variables: 4,
      aggregation: 3,
    });
    for (const { answers } of made(1).questions) for (const answer of answers) expect(holds(answer)).toBe(true);
  });

  it('never gives a right answer as a wrong one', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      for (const { answers, distractors } of made(seed).questions) {
        expect(distractors.length).toBeGreaterThan(2);
        expect(distractors.filter((word) => answers.includes(word))).toEqual([]);
      }
    }
  });

  it('holds no wrong answer of needles and of values', () => {
    const wrong = [...questionsOf('needle'), ...questionsOf('multiValue')].flatMap(({ distractors }) => distractors);
    expect(wrong.filter(holds)).toEqual([]);
  });

  it('leaves out sentences of the novel that hold a word of its facts', () => {
    const words = made(1).questions.flatMap(({ answers, distractors }) => [...answers, ...distractors]);
    const told = text.split(/(?<=\.) /u).filter((sentence) => sentence.startsWith('The apple of number'));
    expect(words.includes('apple') || words.includes('green')).toBe(told.length === 0);
    expect(text).toContain('Nothing of note went on in year 111.');
  });

  it('tells needles where it says they are', () => {
    for (const { answers, lead, depth } of questionsOf('needle')) {
      const at = text.indexOf(`${lead} ${answers[0]!}`) / text.length;
      expect(Math.abs(at - depth!)).toBeLessThan(0.06);
    }
  });

  it('tells the colour of a chain once, of its first lamp', () => {
    for (const { answers, question } of questionsOf('variables')) {
      expect(text.split(`burns ${answers[0]!}.`)).toHaveLength(2);
      const asked = /called (\w+) burn/u.exec(question)![1]!;
      const follow = (lamp: string): string => {
        const next = new RegExp(`called ${lamp} burns in the same colour as the lamp called (\\w+)`, 'u').exec(text);
        return next ? follow(next[1]!) : lamp;
      };
      expect(text).toContain(`The lamp called ${follow(asked)} burns ${answers[0]!}.`);
    }
  });

  it('names what is told most often', () => {
    const count = (word: string): number => text.split(`today was a ${word}.`).length - 1;
    for (const { answers, distractors } of questionsOf('aggregation')) {
      for (const other of distractors) expect(count(other)).toBeLessThan(count(answers[0]!) / 2);
    }
  });

  it('gives the values in the order in which they are told', () => {
    const places = questionsOf('multiValue')[0]!.answers.map((name) => text.indexOf(`supper was ${name}.`));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
  });
});

describe('a conversation', () => {
  it('asks six single facts of the same text, one after the other', () => {
    const asked = conversation(made(1));
    expect(asked.parts).toEqual(made(1).parts);
    expect(asked.questions).toHaveLength(6);
    for (const { task, answers } of asked.questions) {
      expect(task).toBe('conversation');
      expect(answers).toHaveLength(1);
    }
  });
});

describe('the words of facts', () => {
  it.each(Object.entries(wordLists))('of the kind %s are all different', (_, words) => {
    expect(new Set(words.map((word) => word.toLowerCase())).size).toBe(words.length);
  });
});
