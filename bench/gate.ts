import { parseArgs } from 'node:util';
import { createDecoder } from '#engine/decode/decoder.ts';
import { benchIds, benchPlan, openBenchModel } from './benchModel.ts';
import { describeMachine } from './machine.ts';

const usage = `Usage: node bench/gate.ts [--model quick|default] [--tokens N] [--written N] [--text FILE]

How often could the distant part of a layer be left out, since near tokens have at least tau of its attention (arXiv
2412.02252 leaves it out from 0.7 on)? Reads N tokens (4096) under pod, writes some more (64) and prints one JSON line: the
share of written tokens and layers that follow another where the mean over heads reaches tau.`;

const TAUS = [0.5, 0.6, 0.7, 0.8, 0.9] as const;

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'quick' },
    tokens: { type: 'string', default: '4096' },
    written: { type: 'string', default: '64' },
    text: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(usage);
else await measure(values.model, Number(values.tokens), Number(values.written), values.text ?? null);

async function measure(name: string, tokens: number, written: number, text: string | null): Promise<void> {
  const bench = await openBenchModel(name);
  const opened = await benchPlan(bench, 'pod');
  if (!opened) throw new Error(`${name} has no plan.`);
  const { gguf, model } = bench;
  const decoder = await createDecoder({ gguf, model, ...opened });
  // The text goes on after what is read: what the model would write of itself soon repeats.
  const ids = benchIds(bench, text, tokens + written);
  const followers = opened.plan.layers.flatMap(({ kvHeads }, layer) =>
    kvHeads.some((head) => head.kind === 'follower') ? [layer] : [],
  );
  const sequence = decoder.startSequence();
  await sequence.prefill(ids.slice(0, tokens));
  const nearShares: number[][] = followers.map(() => []);
  for (const id of ids.slice(tokens)) {
    const { near, nearPositions } = (await sequence.step(id)).attention;
    const width = nearPositions.length;
    for (const [place, layer] of followers.entries()) {
      const row = near.subarray(layer * width, (layer + 1) * width);
      nearShares[place]!.push(row.reduce((sum, weight) => sum + weight, 0));
    }
  }
  await decoder.dispose();
  gguf.close();
  const all = nearShares.flat();
  const shareFrom = (tau: number): number => round(all.filter((share) => share >= tau).length / all.length);
  console.log(
    JSON.stringify({
      model: name,
      plan: opened.plan.id,
      tokens,
      written,
      windowTokens: opened.plan.windowTokens,
      skipped: Object.fromEntries(TAUS.map((tau) => [tau, shareFrom(tau)])),
      meanNearByLayer: Object.fromEntries(
        followers.map((layer, place) => [layer, round(nearShares[place]!.reduce((a, b) => a + b, 0) / written)]),
      ),
      ...describeMachine(),
    }),
  );
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
