import type { HostTensor } from './ort.ts';

export const floats = (data: Float32Array, dims: readonly number[]): HostTensor => ({ type: 'float32', data, dims });

/** Signed or unsigned bytes. */
export const bytes = (data: Int8Array | Uint8Array, dims: readonly number[]): HostTensor => ({
  type: data instanceof Int8Array ? 'int8' : 'uint8',
  data,
  dims,
});

export const integers = (values: readonly number[]): HostTensor => ({
  type: 'int64',
  data: BigInt64Array.from(values, BigInt),
  dims: [values.length],
});

/** Words of 32 bits, whatever is in them. */
export const words = (data: Int32Array, dims: readonly number[]): HostTensor => ({ type: 'int32', data, dims });
