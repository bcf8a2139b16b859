import { describe, expect, it } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { formatPlanDocument, type PlanDocument } from '#engine/explore/planDocument.ts';
import { roundMixes } from '#engine/explore/roundMixes.ts';
import { layerIndex } from '#shared/domain/index.ts';

const shape = { layers: 2, heads: 2, kvHeads: 1, headDim: 4 };
const sharing = [
  { layer: layerIndex(0), kvHeads: [{ kind: 'own' as const }] },
  {
    layer: layerIndex(1),
    kvHeads: [
      {
        kind: 'follower' as const,
        leader: layerIndex(0),
        mix: [
          [0.123456789, -1e-9, 2.5],
          [1, 0, 0],
        ],
      },
    ],
  },
];

describe('roundMixes', () => {
  it('keeps five digits of each weight and everything else', () => {
    const rounded = roundMixes(sharing);
    expect(rounded[0]).toEqual(sharing[0]);
    expect(rounded[1]!.kvHeads[0]).toMatchObject({
      leader: 0,
      mix: [
        [0.12346, -1e-9, 2.5],
        [1, 0, 0],
      ],
    });
  });
});

describe('formatPlanDocument', () => {
  it('is JSON of the document, with a line for each layer', () => {
    const document: PlanDocument = {
      made: {
        how: 'by hand',
        command: 'none',
        date: '2026-11-24',
        texts: ['a "book"'],
        seed: 1,
        figures: { a: [1, 2] },
      },
      model: { name: 'tiny', fingerprint: 'f00d' },
      plan: makePlan('pod', shape, { layers: roundMixes(sharing) }),
      matrices: {
        layers: [0, 1],
        queries: { prose: 8, copy: 8, retrieval: 0 },
        chosen: {
          keysDropped: 0.5,
          leaders: 1,
          protectedHeads: 0,
          attentionMoved: { prose: 0.1, copy: 0, retrieval: 0 },
        },
        savings: [],
        errors: {
          prose: [
            [null, 0.1],
            [null, null],
          ],
          copy: [],
          retrieval: [],
        },
        divergence: [
          [null, [0.25, 0.5]],
          [null, null],
        ],
      },
    };
    const text = formatPlanDocument(document);
    expect(JSON.parse(text)).toEqual(document);
    const lines = text.split('\n').map((line) => line.trim());
    expect(lines.filter((line) => line.includes('"kvHeads":['))).toHaveLength(2);
    expect(lines).toContain('[null,[0.25,0.5]],');
    expect(lines).toContain('"a": [1,2]');
  });
});
