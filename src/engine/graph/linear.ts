import { dequantize, type WeightSource } from '../gguf/index.ts';
import type { Edge, GraphBuilder } from './graphBuilder.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import type { PackedMatrix } from './weights/packMatrix.ts';
import { stackMatrices } from './weights/stackMatrices.ts';

/**
 * How a graph computes with weights. `packed`: integers of 4 or 8 bits with activations rounded to 8
 * bits in blocks, as llama.cpp does. `float32`: weights unpacked, nothing rounded; several times
 * larger and slower, for tests against the reference.
 */
export type Precision = 'packed' | 'float32';

export interface LinearOptions {
  /** The place, e.g. `/layers.7/attn/qkv`. */
  readonly name: string;
  /** Names of the GGUF tensors, stacked in this order. */
  readonly tensors: readonly string[];
  /** Names of the GGUF tensors of their biases, in the same order. */
  readonly biases?: readonly string[];
}

/**
 * One or more linear layers with a common input.
 *
 * ```
 * x [s, columns] ─┬─ MatMulNBits ────────────────────────── + ─ [s, rows]
 *                 └─ Reshape ─ ReduceSum ─ Gemm(residues) ──┘    (types with a float minimum, at 4 bits)
 * ```
 * Exact for Q4_1 and Q4_K: `x·(d q + m) = x·d (q - 8) + sum(x)·(m + 8 d)` for each block.
 * @returns `[s, rows]`
 */
export function linear(
  graph: GraphBuilder,
  weights: WeightSource,
  precision: Precision,
  input: Edge,
  options: LinearOptions,
): Edge {
  if (precision === 'float32') return floatLinear(graph, weights, input, options);
  const matrix = stackMatrices(weights, options.tensors);
  const bias = biasOf(graph, weights, options);
  const product = operatorsOf(graph).packedProduct(graph, input, matrix, bias, options.name);
  return matrix.residues ? withResidues(graph, input, product, matrix, options.name) : product;
}

function withResidues(graph: GraphBuilder, input: Edge, product: Edge, matrix: PackedMatrix, name: string): Edge {
  const { rows, columns, blockElements } = matrix;
  const blocks = columns / blockElements;
  const inBlocks = graph.node('Reshape', [input, graph.shape([-1, blocks, blockElements])], {
    name: `${name}/blocks/Reshape`,
  });
  const sums = graph.node('ReduceSum', [inBlocks, graph.shape([2])], {
    name: `${name}/blocks/ReduceSum`,
    attributes: { keepdims: 0 },
  });
  const residues = graph.constant(`${name}/residues`, 'float32', [rows, blocks], matrix.residues!);
  return graph.node('Gemm', [sums, residues, product], { name: `${name}/residues/Gemm`, attributes: { transB: 1 } });
}

function floatLinear(graph: GraphBuilder, weights: WeightSource, input: Edge, options: LinearOptions): Edge {
  const { name, tensors } = options;
  const infos = tensors.map((tensor) => weights.tensors.get(tensor)!);
  const columns = infos[0]!.shape[0]!;
  const rows = infos.reduce((sum, { shape }) => sum + shape[1]!, 0);
  const values = new Float32Array(rows * columns);
  let at = 0;
  for (const info of infos) {
    values.set(dequantize(info.type, weights.readTensor(info.name), info.elements), at);
    at += info.elements;
  }
  const weight = graph.constant(`${name}/weight`, 'float32', [rows, columns], values);
  const bias = biasOf(graph, weights, options);
  return graph.node('Gemm', bias ? [input, weight, bias] : [input, weight], {
    name: `${name}/Gemm`,
    attributes: { transB: 1 },
  });
}

/** `[rows]` float32 of the stacked biases, or null without. */
function biasOf(graph: GraphBuilder, weights: WeightSource, { name, biases }: LinearOptions): Edge | null {
  if (!biases) return null;
  const values = biases.flatMap((bias) => Array.from(readFloats(weights, bias)));
  return graph.constant(`${name}/bias`, 'float32', [values.length], Float32Array.from(values));
}

/** A whole tensor as float32. */
export function readFloats(weights: WeightSource, name: string): Float32Array {
  const { type, elements } = weights.tensors.get(name)!;
  return dequantize(type, weights.readTensor(name), elements);
}
