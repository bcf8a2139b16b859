import { expect, it } from 'vitest';
import { describeScope, scopeOf, sectionAt } from '../../../src/renderer/features/ask/scopes.ts';
import { finishedSentences } from '../../../src/renderer/features/ask/sentences.ts';
import { findLeaf } from '../../../src/renderer/features/book/findLeaf.ts';
import { leafIndex } from '../../../src/shared/domain/index.ts';
import { sampleInfo } from '../../fakes/sampleBook.ts';

const at = (leaf: number) => ({ leaf: leafIndex(leaf), offset: 0 });

it('finds the section of every place', () => {
  for (const [leaf, section] of [
    [0, 0],
    [12, 0],
    [17, 0],
    [18, 1],
    [419, 60],
  ] as const) {
    expect(sectionAt(sampleInfo.sections, at(leaf))?.index).toBe(section);
  }
  expect(sectionAt([], at(3))).toBeNull();
});

it('turns what a person chose into a scope where they are', () => {
  expect(scopeOf('page', sampleInfo, at(20), null)).toEqual({ kind: 'leaves', first: 20, last: 20 });
  expect(scopeOf('chapter', sampleInfo, at(20), null)).toEqual({ kind: 'section', section: 1 });
  expect(scopeOf('selection', sampleInfo, at(20), null)).toBeNull();
});

it('names scopes by the labels of the book', () => {
  expect(describeScope({ kind: 'leaves', first: leafIndex(3), last: leafIndex(3) }, sampleInfo)).toBe('p. iv');
});

it('goes to the page of that label, else to the one of that number', () => {
  expect(findLeaf(sampleInfo.leaves, ' XII ')).toBe(11);
  expect(findLeaf(sampleInfo.leaves, '1')).toBe(12);
  expect(findLeaf(sampleInfo.leaves, '419')).toBe(418);
  expect(findLeaf(sampleInfo.leaves, 'cover')).toBeNull();
});

it('lets a sentence be spoken only when the next one has begun', () => {
  expect(finishedSentences('He is', 0)).toEqual({ said: '', upTo: 0 });
  expect(finishedSentences('He is here. And', 0)).toEqual({ said: 'He is here.', upTo: 12 });
  expect(finishedSentences('He is here. And gone. So', 12)).toEqual({ said: 'And gone.', upTo: 22 });
});
