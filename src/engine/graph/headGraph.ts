import { type ModelDescription, tensorNames } from '../model/index.ts';
import { type Edge, GraphBuilder } from './graphBuilder.ts';
import type { GraphSource } from './layersGraph.ts';
import { linear } from './linear.ts';
import { norm } from './norm.ts';
import { operatorsOf } from './operators/operatorsOf.ts';
import { roundTo4Bits } from './weights/roundTo4Bits.ts';

/** The GGUF tensor whose rows make the logits. */
export const headTensor = (model: ModelDescription): string =>
  model.tiedEmbeddings ? tensorNames.tokenEmbedding : tensorNames.output;

/** Builds the graph of the output layer: `hidden` `[s, hiddenSize]` to `logits` `[s, vocabSize]`. */
export function headGraph(source: GraphSource): GraphBuilder {
  const { weights, model, precision, device } = source;
  const graph = new GraphBuilder('head', new Set(), device);
  const normed = normedHidden(graph, source);
  const logits = linear(graph, weights, precision, normed, { name: '/head/out', tensors: [headTensor(model)] });
  graph.output('logits', logits, 'float32', ['s', model.vocabSize]);
  return graph;
}

/**
 * Builds the graph of a rough output layer, with weights of 4 bits: `hidden` `[s, hiddenSize]` to
 * `normed` `[s, hiddenSize]` and `logits` `[s, vocabSize]`.
 */
export function coarseHeadGraph(source: GraphSource): GraphBuilder {
  const { weights, model, device } = source;
  const graph = new GraphBuilder('coarseHead', new Set(), device);
  const normed = normedHidden(graph, source);
  const matrix = roundTo4Bits(weights, headTensor(model));
  graph.output('normed', normed, 'float32', ['s', model.hiddenSize]);
  const logits = operatorsOf(graph).packedProduct(graph, normed, matrix, null, '/head/out');
  graph.output('logits', logits, 'float32', ['s', model.vocabSize]);
  return graph;
}

function normedHidden(graph: GraphBuilder, { weights, model }: GraphSource): Edge {
  const hidden = graph.input('hidden', 'float32', ['s', model.hiddenSize]);
  return norm(graph, weights, hidden, { name: '/head/norm', tensor: tensorNames.outputNorm, eps: model.normEps });
}
