import { describe, expect, test } from 'vitest';
import { saysNotFound } from '#asking/saysNotFound.ts';
import { answerClaims, sentenceOverlap } from '#asking/sentenceOverlap.ts';
import { unsupportedWords } from '#asking/unsupportedWords.ts';

describe('saysNotFound', () => {
  test.each([
    'This is not found in the text.',
    'Not found in the text.',
    'The text does not mention anyone commanding the submarine.',
    'The text does not say anything about this question: Who is the president of France?',
    'There is no information about that.',
    "The passage doesn't specify her age.",
    'I do not know.',
  ])('yes: %s', (answer) => expect(saysNotFound(answer)).toBe(true));

  test.each([
    'Mr. Collins did not say a word at dinner.',
    'He lived at Rosings, which was not far.',
    'She found no pleasure in the visit.',
    'Nobody was given the letter.',
  ])('no: %s', (answer) => expect(saysNotFound(answer)).toBe(false));

  test('a long answer that misses one thing still answers', () => {
    const long = `${'He was a clergyman of some years, well known in the parish. '.repeat(8)}The text does not say his age.`;
    expect(saysNotFound(long)).toBe(false);
  });
});

describe('unsupportedWords', () => {
  const known = ['Mr. Collins, five and twenty, met the Bennets in 1797.'];
  test.each([
    ['The captain is Nemo of the Nautilus.', ['Nemo', 'Nautilus']],
    ['It was Collins’s and Bennet.', []],
    ['It happened in 1798.', ['1798']],
    ['He was 5 then, and they were seven.', ['seven']],
    ['Nemo commands it.', []],
    ['I think so, and I know.', []],
  ])('%s', (answer, expected) => expect(unsupportedWords(answer, known, 'en')).toEqual(expected));
});

describe('sentenceOverlap', () => {
  const overlap = (sentence: string, answer: string, question: string[] = []): number =>
    sentenceOverlap(sentence, answerClaims(answer, 'en'), new Set(question), () => 1, 'en');

  test('a quotation is certain', () => {
    expect(
      overlap('“He was a tall, heavy looking young man,” she said.', 'He is a tall, heavy looking young man.'),
    ).toBe(1);
  });

  test('a paraphrase counts by the share of its meaning', () => {
    const share = overlap('The old lady was visited by a clergyman and cousin.', 'A cousin, clergyman and friend.');
    expect(share).toBeCloseTo(2 / 3);
  });

  test('words of the question alone are no evidence', () => {
    expect(overlap('Lady Catherine danced.', 'Lady Catherine danced there.', ['catherin', 'danc'])).toBe(0);
  });

  test('a number the sentence lacks refutes it', () => {
    expect(overlap('The house cost 400 pounds in total.', 'The house cost 900 pounds in total.')).toBe(0);
  });
});
