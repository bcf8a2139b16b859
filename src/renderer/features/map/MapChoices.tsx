import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Segments } from '../../ui/Segments.tsx';

/** How distant tokens are pooled into columns, and whether the first tokens are shown. */
export function MapChoices() {
  const { map } = useStores();
  const pooling = useStore(map, (state) => state.pooling);
  const showSinks = useStore(map, (state) => state.showSinks);
  return (
    <>
      <Segments
        label="How distant tokens are pooled"
        value={pooling}
        options={[
          { value: 'max', label: 'Strongest' },
          { value: 'sum', label: 'Sum' },
        ]}
        onChange={(value) => map.getState().setPooling(value)}
      />
      <label className="map__check" title="The first tokens of a text draw attention whatever it says">
        <input
          type="checkbox"
          checked={showSinks}
          onChange={(event) => map.getState().setShowSinks(event.target.checked)}
        />
        First tokens
      </label>
    </>
  );
}
