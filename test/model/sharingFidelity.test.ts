import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlanFile } from '#engine/adapter/index.ts';
import { makePlan } from '#engine/cache/index.ts';
import { createDecoder, type Decoder } from '#engine/decode/decoder.ts';
import { repeatPassages } from '#engine/explore/repeatPassages.ts';
import { type GgufFile, openGguf } from '#engine/gguf/index.ts';
import { describeModel } from '#engine/model/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import type { CachePlan } from '#shared/domain/index.ts';
import { measureText, type TextFigures } from '../../eval/measureText.ts';
import { realModel } from '../fixtures/realModels.ts';

/** The welcome guide, then a passage of it again, a thousand tokens later. */
const GUIDE_TOKENS = 1_100;
const REPEAT = { at: GUIDE_TOKENS, distance: 950, tokens: 160 };
/** The first words of the repeat do not yet tell that it is one. */
const LEAD_TOKENS = 16;
const spans = {
  distantProse: [[512, GUIDE_TOKENS]],
  copy: [[REPEAT.at + LEAD_TOKENS, REPEAT.at + REPEAT.tokens]],
} as const;

/**
 * The plan of the quick model, through the shipped engine. The text is short; figures on 6,000
 * tokens of a novel are in docs/fidelity.md.
 */
describe.skipIf(realModel('quick') === null)('the sharing plan of the quick model (skipped without the model)', () => {
  let gguf: GgufFile;
  const decoders: Decoder[] = [];
  let dense: TextFigures;
  let pod: TextFigures;
  let broken: TextFigures;

  beforeAll(async () => {
    gguf = await openGguf(realModel('quick')!);
    const model = describeModel(gguf);
    const guide = new Tokenizer(gguf).encode(readFileSync('resources/welcome.md', 'utf8'), 'plain');
    const ids = repeatPassages(guide, GUIDE_TOKENS + REPEAT.tokens, [REPEAT]);
    const shared = await openPlanFile('resources/plans/quick.json', gguf, model);
    const sameHead = { ...shared, plan: withoutMixes(shared.plan) };
    for (const opened of [{ plan: makePlan('dense', model) }, shared, sameHead]) {
      decoders.push(await createDecoder({ gguf, model, ...opened }));
    }
    [dense, pod, broken] = (await measureText(decoders, ids, spans)) as [TextFigures, TextFigures, TextFigures];
  });

  afterAll(async () => {
    for (const decoder of decoders) await decoder.dispose();
    gguf.close();
  });

  it('drops at least 30% of the distant keys and the bytes that were promised', () => {
    expect(pod.cache.distantKeysDropped).toBeGreaterThanOrEqual(0.3);
    expect(pod.cache.cacheBytes).toBeLessThan(pod.cache.denseBytes);
    expect(dense.cache.distantKeysDropped).toBe(0);
    const rows = pod.cache.distantTokens * (1 - pod.cache.distantKeysDropped);
    expect(rows).toBeLessThan(0.7 * (GUIDE_TOKENS + REPEAT.tokens - pod.cache.nearTokens));
  });

  it('predicts running text as dense does, within 3%', () => {
    const [own, other] = [pod.spans['distantProse']!, dense.spans['distantProse']!];
    expect(own.positions).toBe(GUIDE_TOKENS - 512);
    expect(own.perplexity / other.perplexity).toBeLessThan(1.03);
    expect(own.agreement).toBeGreaterThan(0.9);
  });

  it('still copies what it read a thousand tokens ago, within 0.1 nats of dense', () => {
    expect(dense.spans['copy']!.meanLoss).toBeLessThan(1);
    expect(pod.spans['copy']!.meanLoss - dense.spans['copy']!.meanLoss).toBeLessThan(0.1);
  });

  it('owes that to its mixes: without them the same layers share worse', () => {
    expect(broken.spans['copy']!.meanLoss).toBeGreaterThan(pod.spans['copy']!.meanLoss + 0.2);
    expect(broken.spans['distantProse']!.meanDivergence).toBeGreaterThan(2 * pod.spans['distantProse']!.meanDivergence);
  });
});

/** The same plan with every query head taking the logits of the same head of its leader. */
function withoutMixes(plan: CachePlan): CachePlan {
  const { heads, kvHeads } = plan.shape;
  const perKvHead = heads / kvHeads;
  return {
    ...plan,
    id: `${plan.id}-same-head`,
    layers: plan.layers.map((layer) => ({
      ...layer,
      kvHeads: layer.kvHeads.map((head, kvHead) =>
        head.kind === 'own'
          ? head
          : {
              ...head,
              mix: Array.from({ length: perKvHead }, (_, row) =>
                Array.from({ length: heads + 1 }, (__, column) => (column === kvHead * perKvHead + row ? 1 : 0)),
              ),
            },
      ),
    })),
  };
}
