import { describe, expect, it } from 'vitest';
import { fidelityWords, measuredPoint } from '../../../src/renderer/features/settings/fidelityWords.ts';
import type { LossOverDense, MeasuredPoint } from '../../../src/shared/domain/index.ts';
import { sampleModel } from '../../fakes/sampleBook.ts';
import { sampleFidelity } from '../../fakes/sampleFidelity.ts';

const loss = (nats: number, low: number, high: number): LossOverDense => ({ nats, low, high, items: 16 });
const same = loss(0.001, -0.004, 0.006);
const point = (
  cacheShare: number,
  read: LossOverDense,
  written: LossOverDense,
  copied: LossOverDense,
): MeasuredPoint => ({
  policy: 'pod',
  planId: 'pod-1',
  day: '2026-11-28',
  textTokens: 4_096,
  cacheShare,
  loss: { read, written, copied, copyTextTokens: 6_000 },
});

describe('the point that was measured', () => {
  it('is that of this file, policy and plan', () => {
    expect(measuredPoint([sampleFidelity], sampleModel, 'pod')).toMatchObject({ policy: 'pod', cacheShare: 0.71 });
    expect(measuredPoint([sampleFidelity], sampleModel, 'dense')).toMatchObject({ policy: 'dense' });
  });

  it('is none for another file, another plan, a plan that cannot be used, and no figures', () => {
    const { planIds } = sampleModel;
    expect(measuredPoint([sampleFidelity], { ...sampleModel, fingerprint: 'cd'.repeat(32) }, 'pod')).toBeNull();
    expect(
      measuredPoint([sampleFidelity], { ...sampleModel, planIds: { ...planIds, pod: 'pod-2' } }, 'pod'),
    ).toBeNull();
    expect(measuredPoint([sampleFidelity], { ...sampleModel, planIds: {} }, 'pod')).toBeNull();
    expect(measuredPoint([], sampleModel, 'pod')).toBeNull();
  });

  it('is found among several files of one model', () => {
    const old = { ...sampleFidelity, points: sampleFidelity.points.map((each) => ({ ...each, planId: 'older' })) };
    expect(measuredPoint([old, sampleFidelity], sampleModel, 'pod')).toMatchObject({ planId: 'pod-1' });
  });
});

describe('its words', () => {
  it.each([
    [0.5, 'Half the memory of an ordinary cache'],
    [1.004, 'As much memory as an ordinary cache'],
    [2, 'Twice the memory of an ordinary cache'],
    [0.436, '44% of the memory of an ordinary cache'],
  ])('tell a share of %d beside an ordinary cache', (share, words) => {
    expect(fidelityWords(point(share, same, same, same))).toBe(
      `${words} at 4,096 tokens; text as before within 0.7%, copying within 0.7%.`,
    );
  });

  it('say what is harder to predict, and by how much', () => {
    const words = fidelityWords(point(0.5, loss(0.005, 0.001, 0.009), loss(0.02, 0.01, 0.03), loss(0.2, 0.1, 0.3)));
    expect(words).toContain('; text it reads 0.5%, text it writes 2.0%, copying 22% harder to predict.');
  });

  it('keep what chance alone could make apart from what is lost', () => {
    const words = fidelityWords(point(0.5, same, loss(0.02, 0.01, 0.03), loss(0.05, -0.01, 0.12)));
    expect(words).toContain(
      '; text it reads as before within 0.7%, text it writes 2.0% harder to predict, copying as before within 13%.',
    );
  });

  it('tell what is easier, too, and what rounds to nothing', () => {
    const words = fidelityWords(point(0.5, loss(-0.02, -0.03, -0.01), loss(0.0003, 0.0001, 0.0005), same));
    expect(words).toContain(
      'text it reads 2.0% easier to predict, text it writes under 0.1% harder to predict, copying',
    );
  });

  it('say of the uncompressed cache that nothing is lost', () => {
    expect(fidelityWords(sampleFidelity.points.at(-1)!)).toBe(
      'Twice the memory of an ordinary cache at 4,096 tokens; nothing is lost.',
    );
  });
});
