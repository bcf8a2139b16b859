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
import { measureText, type Span, type TextScores } from '../../eval/running/measureText.ts';
import { sameHeadMixes } from '../../eval/sameHeadMixes.ts';
import { realModel } from '../fixtures/realModels.ts';

/** The welcome guide, then a passage of it again, a thousand tokens later. */
const GUIDE_TOKENS = 1_100;
const REPEAT = { at: GUIDE_TOKENS, distance: 950, tokens: 160 };
/** The first words of the repeat do not yet tell that it is one. */
const LEAD_TOKENS = 16;
const distantProse: Span = [512, GUIDE_TOKENS];
const copy: Span = [REPEAT.at + LEAD_TOKENS, REPEAT.at + REPEAT.tokens];

/** Means over the positions of a span. */
function figures({ scores }: TextScores, [start, end]: Span) {
  const found = Array.from({ length: end - start }, (_, at) => scores.get(start + at)!);
  const mean = (of: (score: (typeof found)[number]) => number): number =>
    found.reduce((sum, score) => sum + of(score), 0) / found.length;
  return {
    meanLoss: mean(({ lossNats }) => lossNats),
    meanDivergence: mean(({ divergenceNats }) => divergenceNats),
    agreement: mean(({ agrees }) => Number(agrees)),
  };
}

/**
 * The plan of the quick model, through the shipped engine. The text is short; figures on 6,000
 * tokens of a novel are in docs/fidelity.md.
 */
describe.skipIf(realModel('quick') === null)('the sharing plan of the quick model (skipped without the model)', () => {
  let gguf: GgufFile;
  const decoders: Decoder[] = [];
  let dense: TextScores;
  let pod: TextScores;
  let broken: TextScores;

  beforeAll(async () => {
    gguf = await openGguf(realModel('quick')!);
    const model = describeModel(gguf);
    const guide = new Tokenizer(gguf).encode(readFileSync('resources/welcome.md', 'utf8'), 'plain');
    const ids = repeatPassages(guide, GUIDE_TOKENS + REPEAT.tokens, [REPEAT]);
    const opened = await openPlanFile('resources/plans/quick.json', gguf, model);
    // As a longer text is kept: half of this one would be near as a whole.
    const plan = makePlan('pod', model, { ...opened.plan, wholeTokens: 0 });
    const shared = { ...opened, plan };
    const plain: CachePlan = { ...plan, id: `${plan.id}-same-head`, layers: sameHeadMixes(plan) };
    for (const under of [{ plan: makePlan('dense', model) }, shared, { ...shared, plan: plain }]) {
      decoders.push(await createDecoder({ gguf, model, ...under }));
    }
    [dense, pod, broken] = (await measureText(decoders, ids, [distantProse, copy])) as [
      TextScores,
      TextScores,
      TextScores,
    ];
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
    const [own, other] = [figures(pod, distantProse), figures(dense, distantProse)];
    expect(Math.exp(own.meanLoss - other.meanLoss)).toBeLessThan(1.03);
    expect(own.agreement).toBeGreaterThan(0.9);
  });

  it('still copies what it read a thousand tokens ago, within 0.1 nats of dense', () => {
    const other = figures(dense, copy).meanLoss;
    expect(other).toBeLessThan(1);
    expect(figures(pod, copy).meanLoss - other).toBeLessThan(0.1);
  });

  it('owes that to its mixes: without them the same layers share worse', () => {
    expect(figures(broken, copy).meanLoss).toBeGreaterThan(figures(pod, copy).meanLoss + 0.2);
    const [own, other] = [figures(broken, distantProse), figures(pod, distantProse)];
    expect(own.meanDivergence).toBeGreaterThan(2 * other.meanDivergence);
  });
});
