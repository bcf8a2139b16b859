import type { CachePlan } from '#shared/domain/index.ts';
import type { WeightSource } from '../gguf/index.ts';
import { layerTensorNames } from '../model/index.ts';

/** Layers `[start, end)`. */
export interface LayerRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Weights of one graph, packed. Electron stops a process that allocates 1 to 2 GiB at once, and ONNX's
 * container cannot pass 2 GiB; a quarter keeps the copy made while loading small, and calls short.
 */
const MAX_GRAPH_BYTES = 256 * 2 ** 20;

/** 8 bits and a float32 scale for each 32: the larger of the two packed forms. */
const PACKED_BYTES_PER_ELEMENT = 1 + 4 / 32;

/**
 * Cuts the layers into ranges, each a graph of its own, only where no follower would be parted from
 * its leader: a leader's logits are large and would be copied between calls.
 */
export function cutLayers(
  weights: WeightSource,
  plan: CachePlan,
  bytesPerElement = PACKED_BYTES_PER_ELEMENT,
): LayerRange[] {
  const ranges: LayerRange[] = [];
  let start = 0;
  let bytes = 0;
  let lastCut = 0;
  let bytesAtCut = 0;
  for (let layer = 0; layer < plan.shape.layers; layer++) {
    if (layer > start && mayCutBefore(plan, layer)) {
      lastCut = layer;
      bytesAtCut = bytes;
    }
    const layerBytes = layerElements(weights, layer) * bytesPerElement;
    if (bytes + layerBytes > MAX_GRAPH_BYTES && lastCut > start) {
      ranges.push({ start, end: lastCut });
      start = lastCut;
      bytes -= bytesAtCut;
    }
    bytes += layerBytes;
  }
  ranges.push({ start, end: plan.shape.layers });
  return ranges;
}

/** Whether no layer from `layer` on follows one below it. */
function mayCutBefore(plan: CachePlan, layer: number): boolean {
  return plan.layers
    .slice(layer)
    .every(({ kvHeads }) => kvHeads.every((head) => head.kind === 'own' || head.leader >= layer));
}

function layerElements(weights: WeightSource, layer: number): number {
  return Object.values<string>({ ...layerTensorNames(layer) }).reduce(
    (sum, name) => sum + (weights.tensors.get(name)?.elements ?? 0),
    0,
  );
}
