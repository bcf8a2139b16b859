import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedPlan, openPlanFile } from '#engine/adapter/index.ts';
import { makePlan } from '#engine/cache/index.ts';
import { SequenceCache } from '#engine/cache/sequenceCache.ts';
import { createDecoder } from '#engine/decode/decoder.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { describeModel, type ModelDescription } from '#engine/model/index.ts';
import { realModel } from '../fixtures/realModels.ts';

/** Long enough for distant tokens under every policy, and for more pages of them than a written token reads. */
const TOKENS = 2_560;

/**
 * Plans differ in which neighbouring KV heads follow whom, and each pattern makes another graph: every policy
 * must run on the plans that people get, not only on small made-up ones. The rows are zeros.
 */
const shipped = [
  ['quick', 'quick'],
  ['default', 'default'],
  ['default.small', 'default'],
] as const;
describe.each(shipped)('the plan %s of the %s model (skipped without the model)', (file, name) => {
  const path = realModel(name);
  let gguf: GgufFile | null = null;
  let model: ModelDescription;
  let shared: OpenedPlan;

  beforeAll(async () => {
    if (!path) return;
    gguf = await openGguf(path);
    model = describeModel(gguf);
    shared = await openPlanFile(`resources/plans/${file}.json`, gguf, model);
  });

  afterAll(() => gguf?.close());

  it.skipIf(path === null).each(['pod', 'pod+select', 'pod+int4'] as const)(
    'reads and writes after a long text under %s',
    async (policy) => {
      const plan = makePlan(policy, model, shared.plan);
      const decoder = await createDecoder({ gguf: gguf!, model, plan, adapter: shared.adapter });
      const cache = new SequenceCache(plan);
      cache.allocate(TOKENS, [TOKENS]);
      cache.rewind(TOKENS);
      expect(cache.distantTokens).toBeGreaterThan(1_024);
      const sequence = decoder.startSequence(cache);
      const read = await sequence.prefill([10, 11, 12]);
      const written = await sequence.step(13);
      for (const { logits } of [read, written]) expect(logits.every(Number.isFinite)).toBe(true);
      expect(cache.tokens).toBe(TOKENS + 4);
      await decoder.dispose();
    },
  );
});
