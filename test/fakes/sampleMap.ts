import { layerIndex, type MapDescription, type MapTile } from '#shared/domain/index.ts';

const LAYERS = 24;
const SINKS = 4;
const RECENT = 288;
const DISTANT = 3120;
/** Under `pod+select` a written token reads this much of the distant zone, by whole pages. */
const READ = 512;
const PAGE = 16;

const WORDS = [
  'Mr',
  '.',
  ' Collins',
  ' is',
  ' a',
  ' clergyman',
  ' and',
  ' a',
  ' cousin',
  ' of',
  ' Mr',
  '.',
  ' Bennet',
  ',',
  ' who',
  ' will',
  ' inherit',
  ' Long',
  'bourn',
  '.',
];

/** Layers 0, 1, 22 and 23 keep their own keys; four blocks of five share. */
export const sampleMap: MapDescription = {
  layers: LAYERS,
  promptTokens: SINKS + DISTANT + RECENT,
  answerTokens: WORDS.length,
  sinkTokens: SINKS,
  bands: [
    { leader: layerIndex(0), layers: [layerIndex(0)] },
    { leader: layerIndex(1), layers: [layerIndex(1)] },
    ...[2, 7, 12, 17].map((leader) => ({
      leader: layerIndex(leader),
      layers: [0, 1, 2, 3, 4].map((step) => layerIndex(leader + step)),
    })),
    { leader: layerIndex(22), layers: [layerIndex(22)] },
    { leader: layerIndex(23), layers: [layerIndex(23)] },
  ],
  answerTexts: WORDS,
};

/**
 * A made-up tile in the form the engine sends: a few needles over noise, masses that sum to 1. The first word comes
 * out of reading the prompt, which reads everything; the others read some pages and leave the rest.
 */
export function sampleTile(answerToken: number, columns: number): MapTile {
  const bands = sampleMap.bands.length;
  const noise = (seed: number): number => {
    const value = Math.sin(seed * 12.9898 + answerToken * 78.233) * 43758.5453;
    return value - Math.floor(value);
  };
  const distantColumns = Math.min(columns, DISTANT);
  const needleAt = (band: number): number => 0.2 + 0.6 * noise(band);
  const pagesRead = Array.from({ length: bands }, (_, band) => {
    const score = (page: number): number =>
      Math.exp(-((20 * ((page * PAGE) / DISTANT - needleAt(band))) ** 2)) + 0.7 * noise(1000 * band + page);
    const pages = Array.from({ length: DISTANT / PAGE }, (__, page) => page);
    return new Set(pages.sort((a, b) => score(b) - score(a)).slice(0, (answerToken === 0 ? DISTANT : READ) / PAGE));
  });
  const pageOf = (token: number): number => Math.floor(token / PAGE);
  const unread = Uint8Array.from({ length: bands * distantColumns }, (_, index) => {
    const column = index % distantColumns;
    const first = pageOf(Math.floor((column * DISTANT) / distantColumns));
    const last = pageOf(Math.floor(((column + 1) * DISTANT) / distantColumns) - 1);
    const read = pagesRead[Math.floor(index / distantColumns)]!;
    for (let page = first; page <= last; page += 1) if (read.has(page)) return 0;
    return 1;
  });
  const distant = Uint8Array.from({ length: bands * distantColumns }, (_, index) => {
    if (unread[index]) return 0;
    const column = index % distantColumns;
    const band = Math.floor(index / distantColumns);
    const needle = Math.exp(-(((column - distantColumns * needleAt(band)) / 5) ** 2));
    return Math.min(255, 40 + 45 * noise(index) + 150 * needle);
  });
  const recent = Uint8Array.from({ length: LAYERS * RECENT }, (_, index) => {
    const age = RECENT - (index % RECENT);
    return Math.max(0, Math.min(255, 225 - 26 * Math.log2(age) + 50 * (noise(index) - 0.5)));
  });
  const mass = new Float32Array(LAYERS * 3);
  for (let layer = 0; layer < LAYERS; layer += 1) {
    const sinks = 0.1 + 0.5 * noise(layer + 1);
    const far = (1 - sinks) * (0.1 + 0.6 * noise(layer + 101));
    mass.set([sinks, far, 1 - sinks - far], layer * 3);
  }
  return {
    answerToken,
    layers: LAYERS,
    sinkTokens: SINKS,
    recentTokens: RECENT,
    recentStart: SINKS + DISTANT,
    distantTokens: DISTANT,
    distantColumns,
    sinks: Uint8Array.from({ length: LAYERS * SINKS }, (_, index) => (index % SINKS === 0 ? 235 : 120)),
    distant,
    unread,
    distantRead: new Uint32Array(LAYERS).fill(answerToken === 0 ? DISTANT : READ),
    recent,
    mass,
  };
}
