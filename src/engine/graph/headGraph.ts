import { tensorNames } from '../model/index.ts';
import { GraphBuilder } from './graphBuilder.ts';
import type { GraphSource } from './layersGraph.ts';
import { linear } from './linear.ts';
import { norm } from './norm.ts';

/** Builds the graph of the output layer: `hidden` `[s, hiddenSize]` to `logits` `[s, vocabSize]`. */
export function headGraph({ gguf, model, precision }: GraphSource): GraphBuilder {
  const graph = new GraphBuilder('head');
  const hidden = graph.input('hidden', 'float32', ['s', model.hiddenSize]);
  const normed = norm(graph, gguf, hidden, {
    name: '/head/norm',
    tensor: tensorNames.outputNorm,
    eps: model.normEps,
  });
  const logits = linear(graph, gguf, precision, normed, {
    name: '/head/out',
    tensors: [model.tiedEmbeddings ? tensorNames.tokenEmbedding : tensorNames.output],
  });
  graph.output('logits', logits, 'float32', ['s', model.vocabSize]);
  return graph;
}
