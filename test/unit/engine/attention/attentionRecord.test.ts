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

/** The six distant tokens in pages of two, of which each layer reads one. */
const selecting: CachePlan = { ...sharing, policy: 'pod+select', select: { pageTokens: 2, readTokens: 2 } };

function selectedStep(pages: readonly [number, number, number]): StepAttention {
  const read = new Uint8Array(3 * 3);
  const distant = new Float32Array(3 * 6);
  pages.forEach((page, layer) => {
    read[layer * 3 + page] = 1;
    distant.fill(0.2, layer * 6 + page * 2, layer * 6 + page * 2 + 2);
  });
  return { ...step(0), distant, pagesRead: { pageTokens: 2, read } };
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

  it('tells what was scored and read by no layer of a band from what weighs nothing', () => {
    const record = new AttentionRecord(selecting, 10);
    record.add('a', selectedStep([2, 0, 1]));
    const { unread, distantRead, distant } = record.tile({ answerToken: 0, distantColumns: 6, pooling: 'max' });
    // Layers 1 and 2 are one band, so what either of them read is read.
    expect([...unread]).toEqual([...[1, 1, 1, 1, 0, 0], ...[0, 0, 0, 0, 1, 1]]);
    expect([...distantRead]).toEqual([2, 2, 2]);
    unread.forEach((flag, cell) => expect(distant[cell]! > 0).toBe(flag === 0));
  });

  it('calls a pooled column unread only if all of its tokens are', () => {
    const record = new AttentionRecord(selecting, 10);
    record.add('a', selectedStep([1, 0, 0]));
    const columns = (distantColumns: number): number[] => [
      ...record.tile({ answerToken: 0, distantColumns, pooling: 'sum' }).unread,
    ];
    expect(columns(3)).toEqual([1, 0, 1, 0, 1, 1]);
    // Tokens 0 to 2 and 3 to 5: the page of tokens 2 and 3 is in both.
    expect(columns(2)).toEqual([0, 0, 0, 1]);
  });

  it('keeps unread columns of a text with more tokens than columns are kept', () => {
    const distantTokens = 4096;
    const record = new AttentionRecord(selecting, 10);
    const read = new Uint8Array((3 * distantTokens) / 2).fill(1);
    // Tokens 0 to 7 are two whole kept columns of four, tokens 10 and 11 half of one.
    for (let layer = 0; layer < 3; layer++) {
      for (const page of [0, 1, 2, 3, 5]) read[(layer * distantTokens) / 2 + page] = 0;
    }
    record.add('a', {
      nearPositions: Int32Array.of(0, 1, distantTokens + 2),
      near: new Float32Array(9).fill(0.1),
      distantStart: 2,
      distantTokens,
      distant: new Float32Array(3 * distantTokens).fill(0.7 / distantTokens),
      pagesRead: { pageTokens: 2, read },
    });
    const tile = record.tile({ answerToken: 0, distantColumns: 4096, pooling: 'max' });
    expect(tile.distantColumns).toBe(1024);
    expect([...tile.unread.subarray(0, 4)]).toEqual([1, 1, 0, 0]);
    expect(tile.unread.reduce((sum, flag) => sum + flag, 0)).toBe(2 * 2);
    expect([...tile.distantRead]).toEqual([4086, 4086, 4086]);
  });

  it('has nothing unread where all pages were read, or none are selected', () => {
    for (const [plan, attention] of [
      [selecting, { ...step(3), pagesRead: { pageTokens: 2, read: new Uint8Array(9).fill(1) } }],
      [sharing, step(3)],
    ] as const) {
      const record = new AttentionRecord(plan, 10);
      record.add('a', attention);
      const { unread, distantRead } = record.tile({ answerToken: 0, distantColumns: 6, pooling: 'max' });
      expect([...unread]).toEqual(new Array(12).fill(0));
      expect([...distantRead]).toEqual([6, 6, 6]);
    }
  });

  it('counts what a sliding layer sees in its window, and calls nothing unread that it did not score', () => {
    const plan = { ...selecting, shape: { ...shape, sliding: { windowTokens: 6, layers: [0] } } };
    const record = new AttentionRecord(plan, 10);
    const attention = selectedStep([0, 0, 1]);
    attention.pagesRead!.read.fill(0, 0, 3);
    record.add('a', attention);
    const { unread, distantRead } = record.tile({ answerToken: 0, distantColumns: 6, pooling: 'max' });
    // The query at 11 sees 6 to 11; 2 to 7 are distant.
    expect([...distantRead]).toEqual([2, 2, 2]);
    expect([...unread]).toEqual([...[0, 0, 0, 0, 0, 0], ...[0, 0, 0, 0, 1, 1]]);
  });

  it('refuses a token the answer has not', () => {
    const record = new AttentionRecord(sharing, 10);
    expect(() => record.tile({ answerToken: 0, distantColumns: 2, pooling: 'max' })).toThrow(/the answer has 0/);
  });
});
