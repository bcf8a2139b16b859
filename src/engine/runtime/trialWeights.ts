import { type GgmlType, ggmlByteLength, ggmlLayouts, type WeightSource, type WeightTensor } from '../gguf/index.ts';

/** The next state of a linear congruential generator (Numerical Recipes, section 7.1). */
const next = (state: number): number => (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;

/**
 * Numbers between -1 and 1 without a pattern, always the same for a seed: with waves, sums would cancel out and leave
 * little but rounding.
 */
export function noise(length: number, seed: number): Float32Array {
  const values = new Float32Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = next(state);
    values[i] = state / 2 ** 31;
  }
  return values;
}

/** Weights of the trial, `[columns, rows]` each. The scales keep what comes of a product near 1. */
export interface TrialTensor {
  readonly type: Extract<GgmlType, 'F32' | 'Q4_0' | 'Q8_0'>;
  readonly shape: readonly number[];
  /** What each number, or each integer of a packed type, stands for: a power of two from 2^-14 up to 1. */
  readonly scale: number;
}

/** A source of made-up weights, packed as those of models are. */
export function trialWeights(tensors: Readonly<Record<string, TrialTensor>>): WeightSource {
  const made = new Map<string, { readonly tensor: WeightTensor; readonly packed: Uint8Array }>();
  for (const [index, [name, { type, shape, scale }]] of Object.entries(tensors).entries()) {
    const elements = shape.reduce((product, length) => product * length, 1);
    made.set(name, { tensor: { name, type, shape, elements }, packed: packedNoise(type, elements, scale, index) });
  }
  return {
    tensors: new Map([...made].map(([name, { tensor }]) => [name, tensor])),
    readTensor: (name) => made.get(name)!.packed,
    readRows(name, firstRow, rowCount) {
      const { tensor, packed } = made.get(name)!;
      const rowBytes = ggmlByteLength(tensor.type, tensor.shape[0]!);
      return packed.subarray(firstRow * rowBytes, (firstRow + rowCount) * rowBytes);
    },
  };
}

function packedNoise(type: TrialTensor['type'], elements: number, scale: number, seed: number): Uint8Array {
  if (type === 'F32') return new Uint8Array(noise(elements, seed).map((value) => 1 + scale * value).buffer);
  const packed = new Uint8Array(ggmlByteLength(type, elements));
  // Plain loops: millions of bytes pass here for each device that is tried.
  let state = seed;
  for (let i = 0; i < packed.length; i++) {
    state = next(state);
    packed[i] = state >>> 24;
  }
  // A block begins with its scale as float16: of a power of two only the exponent.
  const half = (15 + Math.log2(scale)) << 10;
  const view = new DataView(packed.buffer);
  for (let at = 0; at < packed.length; at += ggmlLayouts[type].blockBytes) view.setUint16(at, half, true);
  return packed;
}
