import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makePlan } from '#engine/cache/index.ts';
import { openGguf } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { referenceForward } from '#engine/reference/index.ts';
import { type TinyModelOptions, tinyGguf, tinyModel } from '../fixtures/tinyGguf.ts';
import logits from './logits.json';
import { tinyModels, tinyPrompt } from './tinyModels.ts';

interface Candidate {
  readonly id: number;
  readonly logProb: number;
}
interface Golden {
  readonly sha256: string;
  readonly positions: readonly { readonly top1: Candidate; readonly top2: Candidate }[];
}
const golden: Readonly<Record<string, Golden>> = logits.golden;

/**
 * Float32 sums in another order: *measured* up to 2e-5, and up to 2e-3 for GELU, which llama.cpp looks up in a table
 * of float16. A magnitude, or factors, left out move them by 0.01 to 4.
 */
const toleranceOf = ({ architecture }: TinyModelOptions): number => (architecture === 'gemma3' ? 5e-3 : 2e-4);

describe('the reference computes what llama.cpp computes', () => {
  it('for every made-up model', () => {
    expect(Object.keys(golden)).toEqual(Object.keys(tinyModels));
  });

  it.each(Object.entries(tinyModels))('%s', async (name, options) => {
    const path = tinyGguf(options);
    const { sha256, positions } = golden[name]!;
    expect(createHash('sha256').update(readFileSync(path)).digest('hex'), 'run scripts/goldenLogits.ts').toBe(sha256);
    const gguf = await openGguf(path);
    const model = describeModel(gguf);
    expect(model).toEqual(tinyModel(options));
    const ids = [...tinyPrompt, ...positions.slice(0, -1).map(({ top1 }) => top1.id)];
    const found = referenceForward(gguf, model, makePlan('dense', model), ids).logits.slice(tinyPrompt.length - 1);
    const gaps = positions.flatMap(({ top1, top2 }, index) => {
      const logProbs = logSoftmax(found[index]!);
      return [top1, top2].map(({ id, logProb }) => Math.abs(logProbs[id]! - logProb));
    });
    expect(Math.max(...gaps)).toBeLessThan(toleranceOf(options));
    gguf.close();
  });
});

function logSoftmax(row: Float64Array): Float64Array {
  const largest = row.reduce((a, b) => Math.max(a, b));
  const sum = row.reduce((total, logit) => total + Math.exp(logit - largest), 0);
  return row.map((logit) => logit - largest - Math.log(sum));
}
