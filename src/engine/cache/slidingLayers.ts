import type { AttentionShape, CachePlan } from '#shared/domain/index.ts';

/** Whether a layer looks back only a window. */
export const isSliding = ({ sliding }: AttentionShape, layer: number): boolean =>
  sliding?.layers.includes(layer) ?? false;

/** Layers `[start, end)` that see the whole text, which are the ones a plan shares keys among. */
export const globalLayers = (shape: AttentionShape, start = 0, end = shape.layers): readonly number[] =>
  layersOf(start, end).filter((layer) => !isSliding(shape, layer));

/** Layers `[start, end)` that look back only a window. */
export const slidingLayers = (shape: AttentionShape, start = 0, end = shape.layers): readonly number[] =>
  layersOf(start, end).filter((layer) => isSliding(shape, layer));

/** Rows the store of a sliding layer has when a block begins, once the text is long enough. */
export const slidingRowsAtBlock = ({ windowTokens }: { readonly windowTokens: number }): number => windowTokens - 1;

/** Rows the store of a sliding layer holds at most: what the first query of a block sees, and a block that fills. */
export const slidingCapacityTokens = (plan: CachePlan): number =>
  plan.shape.sliding ? slidingRowsAtBlock(plan.shape.sliding) + plan.chunkTokens : 0;

const layersOf = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);
