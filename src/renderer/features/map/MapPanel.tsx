import { ImageDown, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { MapCanvas } from './MapCanvas.tsx';
import { MapChoices } from './MapChoices.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapTable } from './MapTable.tsx';
import { savePng } from './savePng.ts';
import { TokenScrubber } from './TokenScrubber.tsx';
import './map.css';

/** What the model looked at while it wrote a word of its answer: layers by tokens, under the page they came from. */
export function MapPanel() {
  const { map } = useStores();
  const description = useStore(map, (state) => state.description);
  const tile = useStore(map, (state) => state.tile);
  const error = useStore(map, (state) => state.error);
  const loading = useStore(map, (state) => state.loading);
  const [view, setView] = useState<'map' | 'table'>('map');
  const canvas = useRef<HTMLCanvasElement>(null);
  return (
    <section className="map" aria-label="What the model looked at" aria-busy={loading}>
      <header className="map__head">
        <h2>What it looked at</h2>
        <MapLegend tile={tile} />
        <Segments
          label="Show as"
          value={view}
          options={[
            { value: 'map', label: 'Map' },
            { value: 'table', label: 'Table' },
          ]}
          onChange={setView}
        />
        <IconButton
          icon={ImageDown}
          label="Save as PNG"
          disabled={!tile || view !== 'map'}
          onClick={() => canvas.current && savePng(canvas.current, 'attention.png')}
        />
        <IconButton icon={X} label="Close the map" keys="Esc" onClick={() => map.getState().close()} />
      </header>
      {error && (
        <ErrorNotice error={error}>
          <Button onClick={() => map.getState().retry()}>Try again</Button>
        </ErrorNotice>
      )}
      {description?.answerTokens === 0 && <p className="map__quiet">This answer has no words to look at.</p>}
      {!description && loading && <p className="map__quiet">Fetching the map…</p>}
      {description && description.answerTokens > 0 && (
        <TokenScrubber description={description}>{view === 'map' && <MapChoices />}</TokenScrubber>
      )}
      {description && tile && view === 'map' && <MapCanvas tile={tile} description={description} canvas={canvas} />}
      {description && tile && view === 'table' && <MapTable tile={tile} description={description} />}
    </section>
  );
}
