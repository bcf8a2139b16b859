import { describe, expect, it } from 'vitest';
import { AttentionRecord } from '#engine/attention/attentionRecord.ts';
import { makePlan } from '#engine/cache/index.ts';
import type { StepAttention } from '#engine/decode/stepAttention.ts';
import { type CachePlan, layerIndex } from '#shared/domain/index.ts';

const shape = { layers: 3, heads: 2, kvHeads: 1, headDim: 4 };
const follower = { kind: 'follower', leader: layerIndex(1), mix: [[1, 0, 0]] } as const;
const sharing: CachePlan = {
  ...makePlan('dense', shape),
  policy: 'pod',
  sinkTokens: 2,
  windowTokens: 4,
  layers: [
    { layer: layerIndex(0), kvHeads: [{ kind: 'own' }] },
    { layer: layerIndex(1), kvHeads: [{ kind: 'own' }] },
    { layer: layerIndex(2), kvHeads: [follower] },
  ],
};

/** 2 sinks, 6 distant, 4 recent; every layer gives its near rows 0.1 each and one distant token 0.4. */
function step(needle: number): StepAttention {
  const distant = new Float32Array(3 * 6);
  for (let layer = 0; layer < 3; layer++) distant[layer * 6 + needle] = 0.4;
  return {
    nearPositions: Int32Array.of(0, 1, 8, 9, 10, 11),
    near: new Float32Array(18).fill(0.1),
    distantStart: 2,
    distantTokens: 6,
    distant,
  };
}

describe('what an answer attended to', () => {
  it('is split into sinks, distant and recent, which add up to one', () => {
    const record = new AttentionRecord(sharing, 10);
    record.add('a', step(3));
    const { mass, sinkTokens, recentTokens, recentStart, distantTokens } = record.tile({
      answerToken: 0,
      distantColumns: 256,
      pooling: 'max',
    });
    expect({ sinkTokens, recentTokens, recentStart, distantTokens }).toEqual({
      sinkTokens: 2,
      recentTokens: 4,
      recentStart: 8,
      distantTokens: 6,
    });
    for (const [part, share] of [0.2, 0.4, 0.4].entries()) expect(mass[part]).toBeCloseTo(share, 5);
  });

  it('draws the layers that share keys as one band', () => {
    const record = new AttentionRecord(sharing, 10);
    record.add('a', step(3));
    expect(record.describe().bands).toEqual([
      { leader: 0, layers: [0] },
      { leader: 1, layers: [1, 2] },
    ]);
    expect(record.tile({ answerToken: 0, distantColumns: 6, pooling: 'max' }).distant).toHaveLength(2 * 6);
  });

  it('keeps a needle when its columns are pooled', () => {
    const record = new AttentionRecord(sharing, 10);
    record.add('a', step(3));
    const { distant, distantColumns } = record.tile({ answerToken: 0, distantColumns: 2, pooling: 'max' });
    expect(distantColumns).toBe(2);
    // Column 1 holds distant tokens 3 to 5.
    expect(distant[1]).toBeGreaterThan(200);
    expect(distant[0]).toBe(0);
  });

  it('sums the mass on ranges of the prompt over the answer, without sinks', () => {
    const record = new AttentionRecord(sharing, 10);
    record.add('a', step(3));
    record.add('b', step(0));
    const [sinks, first, needle, beyond] = record.attended([
      [0, 2],
      [2, 3],
      [5, 6],
      [8, 100],
    ]);
    expect(sinks).toBe(0);
    expect(first).toBeCloseTo(0.2, 5);
    expect(needle).toBeCloseTo(0.2, 5);
    expect(beyond).toBeCloseTo(0.2, 5);
  });

  it('gives a dense plan zones of its own', () => {
    const record = new AttentionRecord(makePlan('dense', shape), 300);
    record.add('a', {
      nearPositions: Int32Array.from({ length: 300 }, (_, position) => position),
      near: new Float32Array(900).fill(1 / 300),
      distantStart: 0,
      distantTokens: 0,
      distant: new Float32Array(),
    });
    const tile = record.tile({ answerToken: 0, distantColumns: 256, pooling: 'sum' });
    expect(tile).toMatchObject({ sinkTokens: 4, recentTokens: 256, distantTokens: 40, distantColumns: 40 });
    expect(tile.mass[0]! + tile.mass[1]! + tile.mass[2]!).toBeCloseTo(1, 4);
  });

  it('refuses a token the answer has not', () => {
    const record = new AttentionRecord(sharing, 10);
    expect(() => record.tile({ answerToken: 0, distantColumns: 2, pooling: 'max' })).toThrow(/the answer has 0/);
  });
});
