import type { ValueStoreType } from '#shared/domain/index.ts';
import { rotateRow } from '../cache/rotation.ts';

/**
 * A row of one KV head as a far store gives it back: itself for float32; for int8 rounded to multiples
 * of a float32 scale, the 127th part of its largest element; for int4 rotated, rounded to -8 to 7 times a scale
 * that makes its extreme element -8, and rotated back.
 */
export function asStored(type: ValueStoreType, row: Float64Array): Float64Array {
  switch (type) {
    case 'float32':
      return row;
    case 'int8': {
      const step = row.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127;
      return step === 0 ? row : row.map((value) => Math.round(value / step) * Math.fround(step));
    }
    case 'int4': {
      const rotated = row.slice();
      rotateRow(rotated);
      const extreme = rotated.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0);
      if (extreme === 0) return row;
      const step = extreme / -8;
      const rounded = rotated.map((value) => Math.min(7, Math.round(value / step)) * Math.fround(step));
      rotateRow(rounded);
      return rounded;
    }
    default:
      throw new Error(`Unknown store type ${String(type satisfies never)}`);
  }
}
