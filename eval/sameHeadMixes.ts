import type { CachePlan, LayerPlan } from '../src/shared/domain/index.ts';

/**
 * The plain sharing of the paper (arXiv 2412.02252): whoever follows in a plan takes the logits of the same query
 * head of its leader as they are.
 */
export function sameHeadMixes({ layers, shape }: CachePlan): readonly LayerPlan[] {
  const perKvHead = shape.heads / shape.kvHeads;
  const row = (head: number): number[] =>
    Array.from({ length: shape.heads + 1 }, (_, column) => Number(column === head));
  return layers.map((layer) => ({
    ...layer,
    kvHeads: layer.kvHeads.map((head, kvHead) =>
      head.kind === 'own'
        ? head
        : { ...head, mix: Array.from({ length: perKvHead }, (_, index) => row(kvHead * perKvHead + index)) },
    ),
  }));
}
