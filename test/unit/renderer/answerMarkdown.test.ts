import { expect, it } from 'vitest';
import { answerMarkdown } from '../../../src/renderer/features/ask/answerMarkdown.ts';
import { turnOfChat } from '../../../src/renderer/features/ask/turn.ts';
import { formatBytes } from '../../../src/renderer/ui/formatBytes.ts';
import { formatDuration } from '../../../src/renderer/ui/formatDuration.ts';
import { sampleTurn } from '../../fakes/sampleBook.ts';

it('copies an answer with its page links, and keeps quoted apart from looked at', () => {
  const text = answerMarkdown(turnOfChat(sampleTurn), 'Pride and Prejudice');
  expect(text).toContain('**Who is Mr. Collins?**');
  expect(text).toContain('- [p. 77](#page=89): “He was not a sensible man');
  expect(text).toMatch(/- \[p\. 73\]\(#page=85\): The subjection .* \*\(looked at, not quoted\)\*/);
  expect(text).toContain('The other 60 chapters were not read.');
});

it('writes sizes and times as people read them', () => {
  expect([0, 999, 1000, 24_100_000, 491_400_064, 2_103_000_000].map(formatBytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 KB',
    '24 MB',
    '491 MB',
    '2.1 GB',
  ]);
  expect([-5, 4000, 34_000, 92_000, 7_200_000].map(formatDuration)).toEqual([
    'a few seconds',
    'a few seconds',
    'about 35 s',
    'about 2 min',
    'about 2.0 h',
  ]);
});
