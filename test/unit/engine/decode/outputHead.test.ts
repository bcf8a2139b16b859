import { afterEach, describe, expect, it } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { largestLogits } from '#engine/decode/largestLogits.ts';
import { OutputHead } from '#engine/decode/outputHead.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { coarseHeadGraph, headGraph, headTensor } from '#engine/graph/headGraph.ts';
import type { GraphSource } from '#engine/graph/layersGraph.ts';
import { describeModel } from '#engine/model/index.ts';
import { createSession, type GraphSession } from '#engine/runtime/ort.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';
import { tinyGguf } from '../../../fixtures/tinyGguf.ts';

describe('the largest logits', () => {
  it('come largest first, the lower id first among equals', () => {
    const logits = Float32Array.of(1, 5, 3, 5, -2, 4);
    expect([...largestLogits(logits, 4)]).toEqual([1, 3, 5, 2]);
    expect([...largestLogits(logits, 99)]).toEqual([1, 3, 5, 2, 0, 4]);
  });

  it('are those of a full sort', () => {
    const random = new SeededRandom(3);
    const logits = Float32Array.from({ length: 5000 }, () => random.normal());
    const sorted = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
    expect([...largestLogits(logits, 200)]).toEqual(sorted.slice(0, 200));
  });
});

describe('the output layer', () => {
  const files: GgufFile[] = [];
  afterEach(() => {
    for (const file of files.splice(0)) file.close();
  });

  async function exactAnd(
    coarseOf: (source: GraphSource) => Promise<GraphSession>,
    hiddenWidth?: number,
  ): Promise<{ head: OutputHead; exact: (hidden: Float32Array) => Promise<Float32Array>; hiddenSize: number }> {
    const gguf = await openGguf(tinyGguf({ type: 'Q8_0', ...(hiddenWidth && { hiddenSize: hiddenWidth }) }));
    files.push(gguf);
    const model = describeModel(gguf);
    const source = {
      weights: gguf,
      model,
      plan: makePlan('dense', model),
      taps: new Set<string>(),
      precision: 'float32',
    } as const;
    const exact = (): Promise<GraphSession> => createSession(headGraph(source).serialise(), { threads: 1 });
    const coarse = await coarseOf(source);
    const head = new OutputHead({ weights: gguf, model, tensor: headTensor(model), coarse, exact });
    return { head, exact: (hidden) => head.all(hidden), hiddenSize: model.hiddenSize };
  }

  it.each([
    ['blocks of 32', 96],
    ['blocks of 128', 256],
  ])('gives the likeliest tokens exactly and the others roughly, in %s', async (_, width) => {
    const { head, exact, hiddenSize } = await exactAnd(
      (source) => createSession(coarseHeadGraph(source).serialise(), { threads: 1 }),
      width,
    );
    const random = new SeededRandom(8);
    for (let round = 0; round < 8; round++) {
      const hidden = Float32Array.from({ length: hiddenSize }, () => random.normal());
      const found = await head.next(hidden);
      const wanted = await exact(hidden);
      for (const id of largestLogits(wanted, 32)) expect(found[id]).toBeCloseTo(wanted[id]!, 4);
      const spread = Math.hypot(...wanted) / Math.sqrt(wanted.length);
      for (const [id, logit] of found.entries()) expect(Math.abs(logit - wanted[id]!)).toBeLessThan(spread / 2);
      expect(largestLogits(found, 1)).toEqual(largestLogits(wanted, 1));
    }
  });

  it('goes on until the best stands above all that were not computed, however wrong the rough pass is', async () => {
    const { head, exact, hiddenSize } = await exactAnd(async (source) => {
      const session = await createSession(coarseHeadGraph(source).serialise(), { threads: 1 });
      return {
        async run(feeds) {
          const outputs = await session.run(feeds);
          return { ...outputs, logits: outputs['logits']!.map((logit) => -logit) };
        },
        dispose: () => session.dispose(),
      };
    });
    const hidden = new Float32Array(hiddenSize).map((_, index) => Math.sin(index));
    expect(largestLogits(await head.next(hidden), 1)).toEqual(largestLogits(await exact(hidden), 1));
  });
});
