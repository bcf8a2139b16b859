import { useStore } from 'zustand';
import type { MapDescription, MapTile } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { startOf } from '../book/startOf.ts';
import { percent } from './cellAt.ts';
import { LayerTable } from './LayerTable.tsx';

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
      <LayerTable tile={tile} description={description} />
    </div>
  );
}
