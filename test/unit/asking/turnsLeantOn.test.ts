import { describe, expect, test } from 'vitest';
import { turnsLeantOn } from '#asking/turnsLeantOn.ts';

const leantOn = (question: string, ...earlier: string[]): string[] =>
  turnsLeantOn(
    question,
    earlier.map((asked) => ({ question: asked })),
    'en',
  ).map((turn) => turn.question);

describe('the turns that a question leans on', () => {
  const before = 'What is the house of Sir William Lucas called?';

  test.each([
    'And how old is the eldest daughter?',
    'How old is his eldest daughter?',
    'Can I use another one?',
    'And when?',
    'Why?',
    'Und wie alt ist die Tochter?',
    'Wie alt ist seine Tochter?',
  ])('%s', (question) => expect(leantOn(question, 'Who is Mr. Collins?', before)).toEqual([before]));

  test.each([
    'Who is Mr. Collins?',
    'Where does Lydia write that she is going?',
    'How many tokens does a page of a novel have?',
    'In which file is my library kept?',
  ])('none: %s', (question) => expect(leantOn(question, before)).toEqual([]));

  test('and those which that one leaned on', () => {
    const asked = ['Who is Lydia?', before, 'And how old is his eldest daughter?'];
    expect(leantOn('And what is she called?', ...asked)).toEqual(asked.slice(1));
  });

  test('none where nothing was asked before', () => expect(leantOn('And when?')).toEqual([]));
});
