import { expect } from 'vitest';
import { type Adapter, adaptedWeights } from '../../../../src/engine/adapter/index.ts';
import { createDecoder, type Decoder, type DecoderOptions } from '../../../../src/engine/decode/decoder.ts';
import { type GgufFile, openGguf } from '../../../../src/engine/gguf/index.ts';
import { describeModel, type ModelDescription } from '../../../../src/engine/model/index.ts';
import {
  type Linear,
  type ReferenceResult,
  type Rows,
  referenceForward,
} from '../../../../src/engine/reference/index.ts';
import type { CachePlan } from '../../../../src/shared/domain/index.ts';
import { type TinyModelOptions, tinyGguf } from '../../../fixtures/tinyGguf.ts';
import { tinyIds } from '../../../fixtures/tinyIds.ts';

/** Tokens of the tiny vocabulary, enough for several blocks. */
export const ids: readonly number[] = tinyIds(45);

/** What the decoder made, in the reference's form. */
export interface DecoderReading {
  readonly logits: Rows;
  readonly taps: ReadonlyMap<string, Rows>;
}

export interface Compared {
  readonly decoder: DecoderReading;
  readonly reference: ReferenceResult;
}

export interface CompareOptions extends Partial<Pick<DecoderOptions, 'precision' | 'taps'>> {
  readonly planOf: (model: ModelDescription) => CachePlan;
  /** Lengths of the calls of `prefill`; the rest of the tokens goes through `step`. @default all at once */
  readonly calls?: readonly number[];
  /** The reference's linear layers. @default exact */
  readonly linear?: Linear;
  /** Merged into the weights on both sides. @default none */
  readonly adapter?: Adapter;
  /** Changes the file and its description before both sides read them. */
  readonly alter?: (gguf: GgufFile, model: ModelDescription) => { gguf: GgufFile; model: ModelDescription };
}

/** Reads `ids` with a tiny model's decoder and with the reference pass over the same file. */
export async function compare(tiny: TinyModelOptions, options: CompareOptions): Promise<Compared> {
  const file = await openGguf(tinyGguf(tiny));
  try {
    const { gguf, model } = options.alter?.(file, describeModel(file)) ?? { gguf: file, model: describeModel(file) };
    const { precision = 'float32', taps = new Set<string>(), adapter = null } = options;
    const plan = { ...options.planOf(model), ...(adapter && { adapter: { sha256: adapter.sha256 } }) };
    const decoder = await createDecoder({ gguf, model, plan, adapter, precision, taps, threads: 1 });
    try {
      const reading = await read(decoder, options.calls ?? [ids.length]);
      const reference = referenceForward(adaptedWeights(gguf, adapter), model, plan, ids, options);
      return { decoder: reading, reference };
    } finally {
      await decoder.dispose();
    }
  } finally {
    file.close();
  }
}

async function read(decoder: Decoder, calls: readonly number[]): Promise<DecoderReading> {
  const logits: Float64Array[] = [];
  const taps = new Map<string, Float64Array[]>();
  const sequence = decoder.startSequence();
  for (const length of calls) {
    await sequence.prefill(ids.slice(sequence.tokens, sequence.tokens + length), {
      allLogits: true,
      onChunk: (chunk) => {
        logits.push(...cut(chunk.logits!, chunk.count));
        for (const [name, values] of chunk.taps) {
          taps.set(name, [...(taps.get(name) ?? []), ...cut(values, chunk.count)]);
        }
      },
    });
  }
  while (sequence.tokens < ids.length) {
    const { logits: row } = await sequence.step(ids[sequence.tokens]!);
    logits.push(Float64Array.from(row));
  }
  return { logits, taps };
}

const cut = (values: Float32Array, rows: number): Float64Array[] =>
  Array.from({ length: rows }, (_, row) =>
    Float64Array.from(values.subarray((row * values.length) / rows, ((row + 1) * values.length) / rows)),
  );

/** Fails unless both sides have the same taps, and taps and logits differ by less than `tolerance` everywhere. */
export function expectAgreement({ decoder, reference }: Compared, tolerance: number): void {
  expect([...decoder.taps.keys()].toSorted()).toEqual([...reference.taps.keys()].toSorted());
  const apart = [...reference.taps]
    .map(([name, rows]) => ({ name, gap: largestGap(decoder.taps.get(name)!, rows) }))
    .filter(({ gap }) => !(gap < tolerance));
  expect(apart).toEqual([]);
  expect(largestGap(decoder.logits, reference.logits)).toBeLessThan(tolerance);
}

/** The largest difference of two numbers in the same place; infinite when there is none to compare. */
export function largestGap(left: Rows, right: Rows): number {
  if (left.length !== right.length || left.length === 0) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const [token, row] of left.entries()) {
    const other = right[token]!;
    if (row.length !== other.length) return Number.POSITIVE_INFINITY;
    for (const [index, value] of row.entries()) {
      const gap = Math.abs(value - other[index]!);
      // NaN is no agreement, and Math.max would not say so of a later number.
      if (!(gap <= largest)) largest = Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap;
    }
  }
  return largest;
}

/** Size of the difference by size of the expected rows (Frobenius norms). */
export function relativeGap(found: Rows, expected: Rows): number {
  const squares = (rows: Rows): number => rows.reduce((sum, row) => sum + row.reduce((s, v) => s + v * v, 0), 0);
  const gaps = found.map((row, token) => row.map((value, index) => value - expected[token]![index]!));
  return Math.sqrt(squares(gaps) / squares(expected));
}
