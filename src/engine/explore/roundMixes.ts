import type { KvHeadPlan, LayerPlan } from '#shared/domain/index.ts';

/** Digits of a mix weight that are kept: far finer than the sample can tell, and a third of the file. */
const MIX_DIGITS = 5;

/** Rounds the mixes of a sharing, for its file. */
export function roundMixes(layers: readonly LayerPlan[]): LayerPlan[] {
  return layers.map(({ layer, kvHeads }) => ({ layer, kvHeads: kvHeads.map(roundHead) }));
}

function roundHead(head: KvHeadPlan): KvHeadPlan {
  if (head.kind === 'own') return head;
  return { ...head, mix: head.mix.map((row) => row.map((weight) => Number(weight.toPrecision(MIX_DIGITS)))) };
}
