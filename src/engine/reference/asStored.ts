import type { StoreType } from '#shared/domain/index.ts';

/**
 * A row of one KV head as a far store gives it back: itself for float32; for int8 rounded to multiples
 * of a float32 scale, the 127th part of its largest element.
 */
export function asStored(type: StoreType, row: Float64Array): Float64Array {
  switch (type) {
    case 'float32':
      return row;
    case 'int8': {
      const step = row.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127;
      return step === 0 ? row : row.map((value) => Math.round(value / step) * Math.fround(step));
    }
    default:
      throw new Error(`Unknown store type ${String(type satisfies never)}`);
  }
}
