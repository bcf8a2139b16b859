import { useStore } from 'zustand';
import type { MapDescription, MapTile } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { startOf } from '../book/startOf.ts';
import { percent } from './cellAt.ts';
import { blocksOf } from './mapLayout.ts';

interface MapTableProps {
  readonly tile: MapTile;
  readonly description: MapDescription;
}

/** The map in words: the passages the whole answer leaned on, then how each layer splits its attention. */
export function MapTable({ tile, description }: MapTableProps) {
  const { ask, map, book } = useStores();
  const answerId = useStore(map, (state) => state.answerId);
  const turn = useStore(ask, (state) => state.turns.find((candidate) => candidate.answerId === answerId));
  const evidence = [...(turn?.evidence ?? [])].sort((a, b) => b.attentionShare - a.attentionShare);
  const blocks = blocksOf(description);
  const keysOf = (layer: number): string => {
    const block = blocks.find(({ firstLayer, lastLayer }) => layer >= firstLayer && layer <= lastLayer);
    return block?.shared && block.leader !== layer ? `shared, of layer ${block.leader}` : 'own';
  };
  return (
    <div className="map__tables" tabIndex={0}>
      <table>
        <caption>Top passages of the whole answer</caption>
        <thead>
          <tr>
            <th scope="col">Place</th>
            <th scope="col">Passage</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {evidence.map((item, index) => (
            <tr key={index}>
              <td>
                <button
                  type="button"
                  className="link"
                  onClick={() =>
                    book.getState().jump(startOf(item.anchor.span), [{ span: item.anchor.span, kind: 'current' }])
                  }
                >
                  {item.label}
                </button>
              </td>
              <td>
                {item.anchor.quote} <small>({item.kind === 'quoted' ? 'quoted' : 'looked at'})</small>
              </td>
              <td>{percent(item.attentionShare)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table>
        <caption>Attention of this word by layer</caption>
        <thead>
          <tr>
            <th scope="col">Layer</th>
            <th scope="col">Distant keys</th>
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
              {[0, 1, 2].map((part) => (
                <td key={part}>{percent(tile.mass[layer * 3 + part] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
