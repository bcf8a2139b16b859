import { type AttentionShape, type KvHeadPlan, type LayerPlan, layerIndex } from '#shared/domain/index.ts';
import { globalLayers } from '../cache/slidingLayers.ts';

/**
 * Puts a sharing among the layers that see the whole text where these stand in the model. Sliding
 * layers have no distant tokens: they keep their own keys.
 * @param sharing one entry for each layer that sees the whole text, counted among themselves
 */
export function placeSharing(sharing: readonly LayerPlan[], shape: AttentionShape): LayerPlan[] {
  const global = globalLayers(shape);
  const placed = (head: KvHeadPlan): KvHeadPlan =>
    head.kind === 'own' ? head : { ...head, leader: layerIndex(global[head.leader]!) };
  return Array.from({ length: shape.layers }, (_, layer) => {
    const found = sharing[global.indexOf(layer)];
    const own = Array.from({ length: shape.kvHeads }, (): KvHeadPlan => ({ kind: 'own' }));
    return { layer: layerIndex(layer), kvHeads: found?.kvHeads.map(placed) ?? own };
  });
}
