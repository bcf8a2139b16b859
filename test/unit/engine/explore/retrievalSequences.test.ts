import { afterAll, describe, expect, it } from 'vitest';
import { retrievalSequences } from '#engine/explore/retrievalSequences.ts';
import { seededRandom } from '#engine/explore/seededRandom.ts';
import { openGguf } from '#engine/gguf/index.ts';
import { ChatTemplate, Tokenizer } from '#engine/tokenizer/index.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';
import { calibrationProse } from './calibrationProse.ts';

const gguf = await openGguf(tinyGguf());
afterAll(() => gguf.close());
const tokenizer = new Tokenizer(gguf);
const template = new ChatTemplate(tokenizer.vocabulary);
const book = tokenizer.encode(calibrationProse(400), 'plain');
const make = (options: Partial<Parameters<typeof retrievalSequences>[3]> = {}) =>
  retrievalSequences(book, tokenizer, template, { sequences: 3, tokens: 2_000, random: seededRandom(5), ...options });

/** What a sequence says, in the turns of its chat. */
function turnsOf(ids: readonly number[]): { readonly role: string; readonly content: string }[] {
  return ids
    .map((id) => tokenizer.decode([id]) || tokenizer.vocabulary.tokens[id]!)
    .join('')
    .split('<|im_start|>')
    .slice(1)
    .map((turn) => ({
      role: turn.split('\n', 1)[0]!,
      content: turn.slice(turn.indexOf('\n') + 1).split('<|im_end|>')[0]!,
    }));
}

describe('retrievalSequences', () => {
  const sequences = make();

  it('asks about words that stand in one sentence only, and answers with that sentence', () => {
    expect(sequences).toHaveLength(3);
    for (const { ids } of sequences) {
      const turns = turnsOf(ids).filter(({ content }) => content !== '');
      expect(turns.map(({ role }) => role)).toEqual(Array.from({ length: 4 }, () => ['user', 'assistant']).flat());
      const text = /"""\n([^]*)\n"""/.exec(turns[0]!.content)![1]!;
      for (let turn = 0; turn < turns.length; turn += 2) {
        const word = /about "(\p{L}+)"\?$/u.exec(turns[turn]!.content)![1]!;
        expect(text.split(word)).toHaveLength(2);
        expect(text).toContain(turns[turn + 1]!.content);
        expect(turns[turn + 1]!.content).toContain(word);
      }
    }
  });

  it('samples queries behind the text, in questions and answers', () => {
    for (const { ids, queries } of sequences) {
      expect(queries).toHaveLength(16);
      const positions = queries.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
      expect(queries.every(({ kind }) => kind === 'retrieval')).toBe(true);
      expect(positions[0]).toBeGreaterThanOrEqual(2_000);
      expect(positions.at(-1)).toBeLessThan(ids.length);
    }
  });

  it('takes stretches from all over the book, the same for the same seed', () => {
    const starts = sequences.map(({ ids }) => book.join(' ').indexOf(ids.slice(200, 300).join(' ')));
    expect(starts.every((start) => start > 0)).toBe(true);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(make()).toEqual(sequences);
    expect(make({ random: seededRandom(6) })).not.toEqual(sequences);
  });

  it('leaves out the questions that the model could no longer read', () => {
    const [whole] = make();
    const [cut] = make({ contextTokens: whole!.ids.length - 1 });
    expect(cut!.ids.length).toBeLessThan(whole!.ids.length);
    expect(turnsOf(cut!.ids).filter(({ content }) => content !== '')).toHaveLength(6);
    expect(cut!.queries.every(({ position }) => position < cut!.ids.length)).toBe(true);
    expect(make({ contextTokens: 2_000 })).toEqual([]);
  });

  it('makes nothing of a text in which nothing can be asked about', () => {
    const numbers = tokenizer.encode('1 2 3 4 5 6 7 8 9. '.repeat(400), 'plain');
    expect(retrievalSequences(numbers, tokenizer, template, { tokens: 1_500, random: seededRandom(5) })).toEqual([]);
  });
});
