import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { useStore } from 'zustand';
import type { MapDescription, MapTile } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { resolveTheme } from '../settings/resolveTheme.ts';
import { type Cell, cellAt, describeCell, stepCell } from './cellAt.ts';
import { drawMap } from './drawMap.ts';
import { layoutMap } from './mapLayout.ts';
import { mapColours } from './ramps.ts';

interface MapCanvasProps {
  readonly tile: MapTile;
  readonly description: MapDescription;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The map itself, with a line under it that says what is under the pointer or the arrow keys. */
export function MapCanvas({ tile, description, canvas }: MapCanvasProps) {
  const { settings, shell, map } = useStores();
  const choice = useStore(settings, (state) => state.settings.theme);
  const systemDark = useStore(shell, (state) => state.systemDark);
  const showSinks = useStore(map, (state) => state.showSinks);
  const theme = resolveTheme(choice, systemDark);
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [cell, setCell] = useState<Cell | null>(null);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const layout = size.width > 0 ? layoutMap(tile, description, size.width, size.height, showSinks) : null;
  useEffect(() => {
    const element = canvas.current;
    if (!element || size.width === 0) return;
    drawMap(element, layoutMap(tile, description, size.width, size.height, showSinks), tile, mapColours(theme));
  }, [canvas, tile, description, size, showSinks, theme]);

  const onPointerMove = (event: PointerEvent): void => {
    if (layout) setCell(cellAt(layout, event.nativeEvent.offsetX, event.nativeEvent.offsetY));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key];
    if (!arrow || !layout || event.altKey) return;
    event.preventDefault();
    const by = event.shiftKey ? 10 : 1;
    const start: Cell = cell ?? { layer: 0, zone: 'recent', column: -1 };
    setCell(stepCell(layout, start, arrow[0] * by, arrow[1]));
  };
  const zone = cell && layout ? layout[cell.zone] : null;
  return (
    <>
      <div ref={box} className="map__box">
        <canvas
          ref={canvas}
          className="map__canvas"
          style={layout ? { width: layout.width, height: layout.height } : {}}
          role="img"
          aria-label={`Attention by layer and token. ${description.layers} layers from top to bottom; arrow keys read single cells. The same as words under Table.`}
          tabIndex={0}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setCell(null)}
          onKeyDown={onKeyDown}
        />
        {cell && zone && layout && cell.zone !== 'mass' && (
          <div
            className="map__cursor"
            style={{
              left: zone.left + (cell.column * zone.width) / zone.columns,
              top: layout.top + cell.layer * layout.rowHeight,
              width: Math.max(3, zone.width / zone.columns),
              height: layout.rowHeight - 1,
            }}
          />
        )}
      </div>
      <p className="map__readout" role="status">
        {cell && layout
          ? describeCell(cell, layout, tile, description)
          : 'Point at a cell, or use the arrow keys, to read it.'}
      </p>
    </>
  );
}
