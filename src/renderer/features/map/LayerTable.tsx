import type { MapDescription, MapTile } from '#shared/domain/index.ts';
import { formatCount } from '../../ui/formatCount.ts';
import { percent } from './cellAt.ts';
import { blocksOf } from './mapLayout.ts';
import { readWords } from './readWords.ts';

interface LayerTableProps {
  readonly tile: MapTile;
  readonly description: MapDescription;
}

/** How each layer splits its attention for one word, and how much of the distant text it read where that was not all. */
export function LayerTable({ tile, description }: LayerTableProps) {
  const blocks = blocksOf(description);
  const read = readWords(tile);
  const keysOf = (layer: number): string => {
    const block = blocks.find(({ firstLayer, lastLayer }) => layer >= firstLayer && layer <= lastLayer);
    return block?.shared && block.leader !== layer ? `of layer ${block.leader}` : 'own';
  };
  return (
    <table>
      <caption>
        Attention of this word by layer
        {read && <small>{read}</small>}
      </caption>
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Distant keys</th>
          {read && <th scope="col">Read</th>}
          <th scope="col">First</th>
          <th scope="col">Distant</th>
          <th scope="col">Recent</th>
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: tile.layers }, (_, layer) => (
          <tr key={layer}>
            <th scope="row">{layer}</th>
            <td>{keysOf(layer)}</td>
            {read && <td>{formatCount(tile.distantRead[layer] ?? 0)}</td>}
            {[0, 1, 2].map((part) => (
              <td key={part}>{percent(tile.mass[layer * 3 + part] ?? 0)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
