import { createHash } from 'node:crypto';
import type { AttentionShape, CachePlan, KvHeadPlan, LayerPlan } from '#shared/domain/index.ts';

/** Where near ends and distant begins, and in what numbers distant rows are kept. */
export interface PodOptions {
  /** @default 4 */
  readonly sinkTokens?: number;
  /** A multiple of `chunkTokens`. @default 256 */
  readonly windowTokens?: number;
  /** @default 128 */
  readonly chunkTokens?: number;
  /** @default 'float32' */
  readonly farKeys?: CachePlan['farKeys'];
  /** @default 'int8' */
  readonly farValues?: CachePlan['farValues'];
}

/** Digits of a mix weight that are kept: far finer than the sample can tell, and a third of the file. */
const MIX_DIGITS = 5;

/** Makes the plan of a sharing (arXiv 2412.02252), with its weights rounded and its name made from them. */
export function podPlan(shape: AttentionShape, sharing: readonly LayerPlan[], options: PodOptions = {}): CachePlan {
  const layers = sharing.map(({ layer, kvHeads }) => ({ layer, kvHeads: kvHeads.map(roundHead) }));
  const digest = createHash('sha256').update(JSON.stringify(layers)).digest('hex').slice(0, 12);
  return {
    id: `pod-${digest}`,
    policy: 'pod',
    shape: { layers: shape.layers, heads: shape.heads, kvHeads: shape.kvHeads, headDim: shape.headDim },
    share: 'logits',
    sinkTokens: options.sinkTokens ?? 4,
    windowTokens: options.windowTokens ?? 256,
    chunkTokens: options.chunkTokens ?? 128,
    farKeys: options.farKeys ?? 'float32',
    farValues: options.farValues ?? 'int8',
    layers,
  };
}

function roundHead(head: KvHeadPlan): KvHeadPlan {
  if (head.kind === 'own') return head;
  return { ...head, mix: head.mix.map((row) => row.map((weight) => Number(weight.toPrecision(MIX_DIGITS)))) };
}
