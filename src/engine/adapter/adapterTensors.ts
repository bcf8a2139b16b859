import { layerTensorNames } from '../model/index.ts';

/** The names of the matrices that an adapter may change: projections of attention. @param layers of the model */
export function adaptableMatrices(layers: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (let layer = 0; layer < layers; layer++) {
    const { q, k, v, attentionOutput } = layerTensorNames(layer);
    for (const name of [q, k, v, attentionOutput]) names.add(name);
  }
  return names;
}

/** The two factors of an update, as they are called in a file. */
export const factorName = (matrix: string, factor: 'down' | 'up'): string => `${matrix}.${factor}`;

/** The matrix and factor that a tensor of a file stands for; null for a name of another form. */
export function splitFactorName(name: string): { readonly matrix: string; readonly factor: 'down' | 'up' } | null {
  const [, matrix, factor] = /^(.+)\.(down|up)$/.exec(name) ?? [];
  return matrix === undefined ? null : { matrix, factor: factor as 'down' | 'up' };
}
