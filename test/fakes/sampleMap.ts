import { layerIndex, type MapDescription, type MapTile } from '#shared/domain/index.ts';

const LAYERS = 24;
const SINKS = 4;
const RECENT = 288;
const DISTANT = 3120;

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

/** A made-up tile in the form the engine sends: a few needles over noise, masses that sum to 1. */
export function sampleTile(answerToken: number, columns: number): MapTile {
  const bands = sampleMap.bands.length;
  const noise = (seed: number): number => {
    const value = Math.sin(seed * 12.9898 + answerToken * 78.233) * 43758.5453;
    return value - Math.floor(value);
  };
  const distantColumns = Math.min(columns, DISTANT);
  const distant = Uint8Array.from({ length: bands * distantColumns }, (_, index) => {
    const column = index % distantColumns;
    const band = Math.floor(index / distantColumns);
    const needle = Math.exp(-(((column - distantColumns * (0.2 + 0.6 * noise(band))) / 5) ** 2));
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
    recent,
    mass,
  };
}
