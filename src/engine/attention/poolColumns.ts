import type { MapTileRequest } from '#shared/domain/index.ts';

/**
 * Pools a row of weights into fewer columns: column `c` of `n` takes the cells from
 * `floor(c * length / n)` to `floor((c + 1) * length / n)`.
 */
export function poolColumns(row: Float32Array, columns: number, pooling: MapTileRequest['pooling']): Float32Array {
  const pooled = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    const end = Math.floor(((column + 1) * row.length) / columns);
    for (let index = Math.floor((column * row.length) / columns); index < end; index++) {
      const weight = row[index]!;
      pooled[column] = pooling === 'max' ? Math.max(pooled[column]!, weight) : pooled[column]! + weight;
    }
  }
  return pooled;
}
