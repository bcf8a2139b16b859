import type { RowChangeKind } from '../runtime/residentRows.ts';
import { GraphBuilder } from './graphBuilder.ts';

/** The name under which `rowsGraph` takes what belongs to the rows called `name`. */
export const rowsInput = (name: string, part: 'present' | 'added' | 'kept'): string => `${name}/${part}`;

/**
 * Builds the graph for WebGPU that changes rows in its memory, for several names at once. Rows are `[rows, words]`
 * int32 whatever is in them: there are kernels for copying words, and none for bytes.
 *
 * ```
 * fill    added ─────────────────────────────────── name
 * append  present ───────────────┬─ Concat(added) ─ name
 * shift   present ─ Gather(kept) ┘
 * ```
 */
export function rowsGraph(kind: RowChangeKind, names: readonly string[]): GraphBuilder {
  const graph = new GraphBuilder(`rows.${kind}`, new Set(), 'webgpu');
  for (const [index, name] of names.entries()) {
    const rows = (part: 'present' | 'added') =>
      graph.input(rowsInput(name, part), 'int32', [`${part}.${index}`, `words.${index}`]);
    const added = rows('added');
    let result = added;
    if (kind !== 'fill') {
      const present = rows('present');
      const staying =
        kind === 'append'
          ? present
          : graph.node('Gather', [present, graph.input(rowsInput(name, 'kept'), 'int64', [`kept.${index}`])], {
              name: `/${name}/Gather`,
              attributes: { axis: 0 },
            });
      result = graph.node('Concat', [staying, added], { name: `/${name}/Concat`, attributes: { axis: 0 } });
    }
    graph.output(name, result, 'int32', [`rows.${index}`, `words.${index}`]);
  }
  return graph;
}
