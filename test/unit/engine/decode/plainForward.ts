import { distantRange, packedNearRange } from '../../../../src/engine/cache/index.ts';
import { dequantize, type GgufFile } from '../../../../src/engine/gguf/index.ts';
import { layerTensorNames, type ModelDescription, tensorNames } from '../../../../src/engine/model/index.ts';
import type { CachePlan } from '../../../../src/shared/domain/index.ts';

export interface PlainResult {
  /** `[tokens][vocabSize]` */
  readonly logits: Float32Array[];
  /** Of the last token: `[layers][position]`, head means after the one softmax. */
  readonly attended: number[][];
}

/**
 * The decoder once more, token by token and head by head, without a graph, a chunk or a store: what
 * the graphs are held against. Slow on purpose.
 * @param isRead whether the query at `position` reads the distant token `at`; everything unless given
 */
export function plainForward(
  gguf: GgufFile,
  model: ModelDescription,
  plan: CachePlan,
  ids: readonly number[],
  isRead: (position: number, layer: number, at: number) => boolean = () => true,
): PlainResult {
  const read = (name: string): Float32Array => {
    const { type, elements } = gguf.tensors.get(name)!;
    return dequantize(type, gguf.readTensor(name), elements);
  };
  const multiply = (name: string, x: readonly number[], bias?: string): number[] => {
    const weight = read(name);
    const rows = weight.length / x.length;
    const add = bias ? read(bias) : null;
    return Array.from({ length: rows }, (_, row) =>
      x.reduce((sum, value, column) => sum + value * weight[row * x.length + column]!, add?.[row] ?? 0),
    );
  };
  const normalise = (x: readonly number[], name: string): number[] => {
    const weight = read(name);
    const scale = 1 / Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + model.normEps);
    return x.map((value, index) => value * scale * weight[index]!);
  };
  const { heads, kvHeads, headDim } = model;
  const group = heads / kvHeads;
  const embedding = read(tensorNames.tokenEmbedding);
  const keys = plan.layers.map((): number[][][] => []);
  const values = plan.layers.map((): number[][][] => []);
  let attended: number[][] = [];

  const logits = ids.map((id, position) => {
    let x = Array.from(embedding.subarray(id * model.hiddenSize, (id + 1) * model.hiddenSize));
    const far = distantRange(plan, position);
    const packed = packedNearRange(plan, position);
    const leaderLogits: number[][][] = [];
    const leaderQueries: number[][][] = [];
    attended = [];
    for (let layer = 0; layer < model.layers; layer++) {
      const names = layerTensorNames(layer);
      const normed = normalise(x, names.attentionNorm);
      const split = (all: number[]): number[][] =>
        Array.from({ length: all.length / headDim }, (_, head) => all.slice(head * headDim, (head + 1) * headDim));
      const bias = model.qkvBias;
      const queries = split(multiply(names.q, normed, bias ? names.qBias : undefined)).map((head) =>
        turn(model, head, position),
      );
      keys[layer]!.push(
        split(multiply(names.k, normed, bias ? names.kBias : undefined)).map((head) => turn(model, head, position)),
      );
      values[layer]!.push(split(multiply(names.v, normed, bias ? names.vBias : undefined)));
      leaderQueries[layer] = queries;
      const isFar = (at: number): boolean => at >= far.start && at < far.end;
      const isPacked = (at: number): boolean => at >= packed.start && at < packed.end;
      const dot = (query: readonly number[], of: number, at: number, kvHead: number): number => {
        const near = keys[of]![at]![kvHead]!;
        const key = isFar(at) ? keptKey(plan, keys[of]!, at, kvHead, far.start) : isPacked(at) ? rounded(near) : near;
        return query.reduce((sum, value, index) => sum + value * key[index]!, 0) / Math.sqrt(headDim);
      };
      const own = queries.map((query, head) =>
        Array.from({ length: position + 1 }, (_, at) => dot(query, layer, at, Math.floor(head / group))),
      );
      leaderLogits[layer] = own;
      const means = new Array<number>(position + 1).fill(0);
      const mixed = queries.flatMap((query, head) => {
        const kvHead = Math.floor(head / group);
        const headPlan = plan.layers[layer]!.kvHeads[kvHead]!;
        const row = own[head]!.map((logit, at) => {
          if (isFar(at) && (plan.distant === 'dropped' || !isRead(position, layer, at)))
            return Number.NEGATIVE_INFINITY;
          if (headPlan.kind === 'own' || !isFar(at)) return logit;
          if (plan.share === 'keys') return dot(query, headPlan.leader, at, kvHead);
          const mix = headPlan.mix[head % group]!;
          return leaderLogits[headPlan.leader]!.reduce(
            (sum, logits, other) => sum + mix[other]! * logits[at]!,
            mix[heads]!,
          );
        });
        const highest = Math.max(...row);
        const weights = row.map((logit) => Math.exp(logit - highest));
        const total = weights.reduce((a, b) => a + b, 0);
        const output = new Array<number>(headDim).fill(0);
        for (const [at, weight] of weights.entries()) {
          means[at]! += weight / total / heads;
          const value = values[layer]![at]![kvHead]!;
          const kept = isFar(at)
            ? asKept(plan.farValues, asPassed(plan, at, value))
            : isPacked(at)
              ? rounded(value)
              : value;
          for (let i = 0; i < headDim; i++) output[i]! += (weight / total) * kept[i]!;
        }
        return output;
      });
      attended.push(means);
      const afterAttention = multiply(names.attentionOutput, mixed).map((value, index) => value + x[index]!);
      const inner = normalise(afterAttention, names.ffnNorm);
      const up = multiply(names.up, inner);
      const gated = multiply(names.gate, inner).map((gate, index) => (gate / (1 + Math.exp(-gate))) * up[index]!);
      x = multiply(names.down, gated).map((value, index) => value + afterAttention[index]!);
    }
    const final = normalise(x, tensorNames.outputNorm);
    return Float32Array.from(multiply(model.tiedEmbeddings ? tensorNames.tokenEmbedding : tensorNames.output, final));
  });
  return { logits, attended };
}

function turn(model: ModelDescription, head: readonly number[], position: number): number[] {
  const result = [...head];
  const half = model.ropeDims / 2;
  for (let pair = 0; pair < half; pair++) {
    const angle = position * model.rope.base ** ((-2 * pair) / model.ropeDims);
    const [a, b] = model.ropeInterleaved ? [2 * pair, 2 * pair + 1] : [pair, pair + half];
    result[a] = head[a]! * Math.cos(angle) - head[b]! * Math.sin(angle);
    result[b] = head[a]! * Math.sin(angle) + head[b]! * Math.cos(angle);
  }
  return result;
}

/** A distant key as a far store gives it back: where pages are selected, all tokens of a page have one scale. */
function keptKey(
  plan: CachePlan,
  keys: readonly (readonly (readonly number[])[])[],
  at: number,
  kvHead: number,
  start: number,
): readonly number[] {
  const { farKeys, select } = plan;
  const passed = (token: number): readonly number[] => asPassed(plan, token, keys[token]![kvHead]!);
  const key = passed(at);
  if (farKeys !== 'int8') return key;
  if (!select) return rounded(key);
  const first = at - ((at - start) % select.pageTokens);
  const page = Array.from({ length: select.pageTokens }, (_, token) => passed(first + token)).flat();
  return rounded(key, Math.max(...page.map(Math.abs)));
}

/** A row as it comes to a far store: rounded already if it was packed before, as all were but the first to become distant. */
function asPassed(plan: CachePlan, at: number, row: readonly number[]): readonly number[] {
  if (plan.floatTokens === undefined) return row;
  let position = 0;
  while (distantRange(plan, position).end <= plan.sinkTokens) position++;
  return at < distantRange(plan, position).end ? row : rounded(row);
}

/** A row of values as a far store gives it back. */
function asKept(type: CachePlan['farValues'], row: readonly number[]): readonly number[] {
  if (type === 'int8') return rounded(row);
  return type === 'int4' ? turned(roundedTo4Bits(turned(row))) : row;
}

/** Times the Hadamard matrix, written out: the sign of an element is the parity of the bits both places share. */
function turned(row: readonly number[]): number[] {
  const bits = (number: number): number => (number === 0 ? 0 : (number & 1) + bits(number >> 1));
  const sign = (a: number, b: number): number => (bits(a & b) % 2 ? -1 : 1);
  return row.map((_, to) => row.reduce((sum, value, from) => sum + sign(from, to) * value, 0) / Math.sqrt(row.length));
}

function roundedTo4Bits(row: readonly number[]): number[] {
  const extreme = row.reduce((found, value) => (Math.abs(value) > Math.abs(found) ? value : found), 0);
  const step = extreme / -8;
  return row.map((value) => (step === 0 ? 0 : Math.min(7, Math.round(value / step)) * step));
}

function rounded(row: readonly number[], largest = Math.max(...row.map(Math.abs))): number[] {
  const scale = largest / 127;
  return row.map((value) => (scale === 0 ? 0 : Math.round(value / scale) * scale));
}
