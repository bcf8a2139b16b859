import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { indexableWords, questionTerms, splitPassages } from '#retrieval/index.ts';
import { stemWord } from '#retrieval/stemWord.ts';

const words = (question: string, language: string | null = 'en'): string[] =>
  questionTerms(question, language).map(({ word }) => word);

describe('questionTerms', () => {
  test.each([
    ['Who is Mr. Collins?', ['Collins']],
    ['Who commands the submarine?', ['commands', 'submarine']],
    ['What is this book about?', []],
    ["What is the name of Captain Ahab's ship?", ['Captain', 'Ahab', 'ship']],
    ['Where did they go in 1812?', ['go', '1812']],
    ['And how do I get back to where I was?', ['back']],
  ])('%s', (question, expected) => expect(words(question)).toEqual(expected));

  test('other languages have their own stop words', () => {
    expect(words('Wer ist der Kapitän?', 'de-AT')).toEqual(['Kapitän']);
    expect(words('Où est le château ?', 'fr')).toEqual(['château']);
  });

  test('letters of scripts without spaces go in pairs', () => {
    expect(words('草枕とは', 'ja')).toEqual(['草枕', '枕と', 'とは']);
  });

  test('every expression is safe for FTS5, whatever a person writes', () => {
    const database = new DatabaseSync(':memory:');
    database.exec("CREATE VIRTUAL TABLE t USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2')");
    const match = database.prepare('SELECT 1 FROM t WHERE words MATCH ?');
    const hostile = [
      `"unbalanced AND (OR NOT NEAR/3 *`,
      "words:col-umn ^start {a b}: 'quote'",
      'C++ x² ½ a\u0000b 𝔄𝔅 ﬁsh Ⅷ',
      '日本語の"本"',
      'ß straße İstanbul naïve',
    ];
    for (const question of hostile) {
      for (const { expression } of questionTerms(question, null)) {
        expect(() => match.all(expression), `${question}: ${expression}`).not.toThrow();
      }
    }
    database.close();
  });
});

describe('stemWord', () => {
  test.each([
    ['commands', 'command'],
    ['commander', 'command'],
    ['carried', 'carr'],
    ['glass', 'glass'],
    ['sea', null],
  ])('%s', (word, stem) => expect(stemWord(word)).toBe(stem));
});

describe('splitPassages', () => {
  const sentence = 'The ship sailed on through the night and nobody on board said a word about it. ';

  test('cuts at sentence ends, in order, without a gap in the words', () => {
    const text = sentence.repeat(100).trim();
    const passages = splitPassages(text, 'en');
    expect(passages.length).toBeGreaterThan(5);
    for (const { start, end } of passages) {
      expect(text.slice(start, end)).toMatch(/^The ship.*about it\.$/s);
      expect(end - start).toBeLessThanOrEqual(1_500);
    }
    expect(passages.map(({ start, end }) => text.slice(start, end)).join(' ')).toBe(text);
  });

  test('cuts a sentence without end at white space', () => {
    const text = 'number '.repeat(2_000).trim();
    const passages = splitPassages(text, 'en');
    expect(passages.map(({ start, end }) => text.slice(start, end)).join(' ')).toBe(text);
    expect(Math.max(...passages.map(({ start, end }) => end - start))).toBeLessThanOrEqual(2_400);
  });

  test('cuts text without any white space, too', () => {
    const passages = splitPassages('x'.repeat(10_000), 'en');
    expect(passages.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(10_000);
  });

  test('nothing of nothing', () => expect(splitPassages(' \n\n ', 'en')).toEqual([]));
});

test('indexableWords sets letters of scripts without spaces apart', () => {
  expect(indexableWords('漱石 wrote 草枕').split(/\s+/).filter(Boolean)).toEqual(['漱', '石', 'wrote', '草', '枕']);
});
