import { describe, expect, it } from 'vitest';
import { PageStore } from '#engine/cache/pageStore.ts';
import { RowStore } from '#engine/cache/rowStore.ts';
import type { StepAttention } from '#engine/decode/stepAttention.ts';
import { GraphBuilder } from '#engine/graph/graphBuilder.ts';
import { farInput } from '#engine/graph/layerRows.ts';
import { elementCode } from '#engine/graph/onnxSchema.ts';
import { pageSelection } from '#engine/graph/pageSelection.ts';
import { floats, integers } from '#engine/runtime/hostTensor.ts';
import { createSession, type HostTensor } from '#engine/runtime/ort.ts';
import { layerIndex } from '#shared/domain/index.ts';
import { mixedPlan, selecting } from '../../../fixtures/samplePlans.ts';
import { SeededRandom } from '../../../fixtures/seededRandom.ts';
import { type LoadedDecoder, tinyDecoders } from '../../../fixtures/tinyDecoders.ts';
import { tinyModel } from '../../../fixtures/tinyGguf.ts';
import { plainForward } from './plainForward.ts';

const PAGE_TOKENS = 4;
const model = tinyModel();
const { kvHeads, heads, headDim } = model;

/** Keys `[tokens, kvHeads, headDim]` of which one token is made to lie along a query. */
function keysWith(tokens: number, query: Float32Array, at: number): Float32Array {
  const random = new SeededRandom(3);
  const keys = Float32Array.from({ length: tokens * kvHeads * headDim }, () => 0.3 * random.normal());
  keys.set(
    query.map((value) => 4 * value),
    at * kvHeads * headDim,
  );
  return keys;
}

describe('the pages a layer reads', () => {
  it.each([
    ['by products of bytes', 'cpu', 'int8'],
    ['by products of numbers, out of bytes', 'webgpu', 'int8'],
    ['by products of numbers', 'cpu', 'float32'],
  ] as const)('hold the key that a query looks for, wherever it lies: %s', async (_, device, farKeys) => {
    const random = new SeededRandom(5);
    const group = heads / kvHeads;
    const queries = Float32Array.from({ length: heads * headDim }, () => random.normal());
    const plan = selecting(mixedPlan(model, { farKeys }), 8, PAGE_TOKENS);
    // Graphs of the other device run on the processor too: only their operators are chosen for it.
    const graph = new GraphBuilder('selection', new Set(), device);
    const edge = graph.input('queries', 'float32', [kvHeads, group, headDim]);
    const count = graph.input('pageCount', 'int64', [1]);
    const store = farInput(graph, plan, 'farKeys', 0, kvHeads);
    const pages = pageSelection(graph, model, plan, { queries: edge, keys: store, count, at: '/pages' });
    graph.output(
      'pages',
      graph.node('Cast', [pages], { name: 'float', attributes: { to: elementCode.float32 } }),
      'float32',
      ['k'],
    );
    const session = await createSession(graph.serialise(), { threads: 1 });
    const everyHead = Array.from({ length: kvHeads }, (_, kvHead) => kvHead);
    for (const at of [0, 13, 42, 63]) {
      const rows =
        farKeys === 'int8' ? new PageStore(PAGE_TOKENS, kvHeads, headDim) : new RowStore(farKeys, kvHeads, headDim);
      rows.append(keysWith(64, queries.subarray(0, headDim), at), kvHeads, everyHead);
      const feeds: Record<string, HostTensor> = {
        queries: floats(queries, [kvHeads, group, headDim]),
        pageCount: integers([2]),
      };
      rows.feed('farKeys.0', feeds);
      const found = (await session.run(feeds))['pages']!;
      expect(found).toHaveLength(2);
      expect(found[0]).toBe(Math.floor(at / PAGE_TOKENS));
    }
    await session.dispose();
  });
});

describe('a token that is written', () => {
  const load = tinyDecoders();
  const ids = Array.from({ length: 72 }, (_, index) => 1 + ((index * 37) % 90));
  const READ_FROM = 60;

  /** Reads up to `READ_FROM` and writes the rest; the last logits and what each step attended to. */
  async function write(
    share: 'logits' | 'keys',
  ): Promise<LoadedDecoder & { logits: Float32Array; steps: Map<number, StepAttention> }> {
    const loaded = await load({}, (model) => {
      // Layer 3 follows whole, so that all its KV heads read the same pages.
      const mixed = mixedPlan(model, { farKeys: 'int8', share });
      const [follow] = mixed.layers[3]!.kvHeads;
      const layers = mixed.layers.map((layer) =>
        layer.layer === 3 ? { layer: layerIndex(3), kvHeads: layer.kvHeads.map(() => follow!) } : layer,
      );
      return selecting({ ...mixed, layers }, 8, PAGE_TOKENS);
    });
    const { decoder } = loaded;
    const sequence = decoder.startSequence();
    await sequence.prefill(ids.slice(0, READ_FROM));
    const steps = new Map<number, StepAttention>();
    let logits = new Float32Array(0);
    for (const [index, id] of ids.slice(READ_FROM).entries()) {
      const step = await sequence.step(id);
      steps.set(READ_FROM + index, step.attention);
      logits = step.logits.slice();
    }
    return { ...loaded, logits, steps };
  }

  it.each(['logits', 'keys'] as const)(
    'attends to near tokens and to the pages it read alone: shared %s',
    async (share) => {
      const { gguf, decoder, logits, steps } = await write(share);
      const isRead = (position: number, layer: number, at: number): boolean => {
        const step = steps.get(position);
        if (!step?.pagesRead) return true;
        const page = Math.floor((at - step.distantStart) / PAGE_TOKENS);
        return step.pagesRead.read[(layer * step.distantTokens) / PAGE_TOKENS + page] === 1;
      };
      const { logits: rows, attended } = plainForward(gguf, decoder.model, decoder.plan, ids, isRead);
      const gap = Math.max(...logits.map((value, i) => Math.abs(value - rows.at(-1)![i]!)));
      expect(gap).toBeLessThan(0.02);
      const last = steps.get(ids.length - 1)!;
      for (let layer = 0; layer < decoder.model.layers; layer++) {
        const row = last.distant.subarray(layer * last.distantTokens, (layer + 1) * last.distantTokens);
        const wanted = attended[layer]!.slice(last.distantStart, last.distantStart + last.distantTokens);
        expect(Math.max(...row.map((weight, at) => Math.abs(weight - wanted[at]!)))).toBeLessThan(2e-3);
      }
    },
  );

  it('reads few pages, and a token that is read all of them, be it the only one of its chunk', async () => {
    const { decoder } = await write('logits');
    const sequence = decoder.startSequence();
    await sequence.prefill(ids.slice(0, READ_FROM));
    const read = await sequence.prefill(ids.slice(READ_FROM, READ_FROM + 1));
    const written = await sequence.step(ids[READ_FROM + 1]!);
    expect(read.attention.pagesRead!.read).not.toContain(0);
    expect(written.attention.pagesRead!.read).toContain(0);
    for (const { attention } of [read, written]) {
      const weights = [...attention.near, ...attention.distant];
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(decoder.model.layers, 3);
    }
  });

  it('reads as many pages as its plan says, followers those of their leader', async () => {
    const { decoder, steps } = await write('logits');
    for (const { distantTokens, pagesRead } of steps.values()) {
      const pages = distantTokens / PAGE_TOKENS;
      expect(pages).toBeGreaterThan(4);
      const rows = decoder.plan.layers.map(({ layer }) => [
        ...pagesRead!.read.subarray(layer * pages, (layer + 1) * pages),
      ]);
      for (const row of rows) expect(row.filter((read) => read === 1)).toHaveLength(2);
      expect(rows[1]).toEqual(rows[0]);
      expect(rows[3]).toEqual(rows[2]);
    }
  });
});
