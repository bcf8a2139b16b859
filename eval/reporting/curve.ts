import type { EvalRow } from '../config.ts';
import { type Column, cacheShare, columnFigure, retrievalLossColumns, textColumns } from './columns.ts';
import type { EvalResult } from './resultStore.ts';

const PANEL = { width: 380, height: 260, left: 56, top: 34, gap: 40, bottom: 46 };

/** Room that a name takes. */
const LABEL = { width: 95, height: 13 };

interface Point {
  readonly name: string;
  /** Bytes saved against dense in float16, in percent: negative where more are taken. */
  readonly saved: number;
  /** Nats a token more than dense. */
  readonly loss: number;
}

/**
 * Bytes saved against loss, as an SVG of two panels: running text and copies, and facts in a text. Each row but dense
 * is a point; its loss is the mean over the panel's columns of what it loses to dense.
 */
export function curve(results: readonly EvalResult[], rows: readonly EvalRow[]): string {
  const text = textColumns.filter(({ value }) => value === 'lossNats');
  const panels = [
    { title: 'Running text and copies', points: points(results, rows, text) },
    { title: 'Facts in a text', points: points(results, rows, retrievalLossColumns) },
  ].filter((panel) => panel.points.length > 0);
  const width = PANEL.left + panels.length * (PANEL.width + PANEL.gap + PANEL.left);
  const height = PANEL.top + PANEL.height + PANEL.bottom;
  const drawn = panels.map((panel, place) =>
    drawPanel(panel, PANEL.left + place * (PANEL.width + PANEL.gap + PANEL.left)),
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">\n` +
    `<rect width="${width}" height="${height}" fill="white"/>\n${drawn.join('\n')}\n</svg>\n`
  );
}

function points(results: readonly EvalResult[], rows: readonly EvalRow[], columns: readonly Column[]): Point[] {
  const [dense, ...others] = rows;
  return others.flatMap(({ name }) => {
    const share = cacheShare(results, name);
    const losses = columns.flatMap((column) => {
      const own = columnFigure(results, name, column);
      const baseline = columnFigure(results, dense!.name, column);
      return own && baseline ? [own.mean - baseline.mean] : [];
    });
    if (share === null || losses.length === 0) return [];
    return [{ name, saved: 100 * (1 - share), loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length }];
  });
}

function drawPanel(
  { title, points: all }: { readonly title: string; readonly points: readonly Point[] },
  left: number,
) {
  const saved = all.map((point) => point.saved);
  const losses = all.map(({ loss }) => loss);
  const [low, high] = [Math.min(0, ...saved) - 5, Math.max(0, ...saved) + 5];
  const [least, most] = [Math.min(0, ...losses), Math.max(0.01, ...losses) * 1.1];
  const x = (value: number): number => left + (PANEL.width * (value - low)) / (high - low);
  const y = (value: number): number => PANEL.top + PANEL.height * (1 - (value - least) / (most - least));
  const bottom = PANEL.top + PANEL.height;
  const text = (at: readonly [number, number], words: string, anchor = 'middle'): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}">${words}</text>`;
  const ticksX = ticks(low, high).map((tick) => text([x(tick), bottom + 16], `${tick} %`));
  const ticksY = ticks(least, most).map((tick) => text([left - 6, y(tick) + 4], String(tick), 'end'));
  const labels = labelPlaces(all.map((point) => ({ name: point.name, x: x(point.saved), y: y(point.loss) })));
  const marks = labels.map(({ name, x: atX, y: atY, labelY }) => {
    const isRight = atX > left + PANEL.width / 2;
    return (
      `<circle cx="${atX.toFixed(1)}" cy="${atY.toFixed(1)}" r="4" fill="#b45309"/>` +
      text([atX + (isRight ? -8 : 8), labelY], name, isRight ? 'end' : 'start')
    );
  });
  return [
    text([left + PANEL.width / 2, 18], title),
    `<path d="M${left} ${PANEL.top}V${bottom}H${left + PANEL.width}" fill="none" stroke="#444"/>`,
    `<path d="M${left} ${y(0).toFixed(1)}H${left + PANEL.width}" stroke="#bbb" stroke-dasharray="4 3"/>`,
    ...ticksX,
    ...ticksY,
    text([left + PANEL.width / 2, bottom + 36], 'bytes saved against dense float16'),
    text([left - 46, PANEL.top - 8], 'nats more than dense', 'start'),
    ...marks,
  ].join('\n');
}

interface Place {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** Heights of names beside their points, pushed up where neighbours would overlap. */
function labelPlaces(places: readonly Place[]): readonly (Place & { readonly labelY: number })[] {
  const placed: (Place & { readonly labelY: number })[] = [];
  for (const place of places.toSorted((a, b) => b.y - a.y)) {
    const above = placed
      .filter(({ x }) => Math.abs(x - place.x) < LABEL.width)
      .map(({ labelY }) => labelY - LABEL.height);
    placed.push({ ...place, labelY: Math.min(place.y + 4, ...above) });
  }
  return placed;
}

/** Round numbers in a range, four to eight of them. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((candidate) => candidate >= rough)!;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(6)));
}
