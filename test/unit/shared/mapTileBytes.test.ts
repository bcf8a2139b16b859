import { expect, it } from 'vitest';
import { decodeMapTile, encodeMapTile } from '#shared/contract/index.ts';
import type { MapTile } from '#shared/domain/index.ts';

it('a map tile survives the way through bytes, also from inside a larger buffer', () => {
  const tile: MapTile = {
    answerToken: 5,
    layers: 3,
    sinkTokens: 2,
    recentTokens: 4,
    recentStart: 900,
    distantTokens: 898,
    distantColumns: 5,
    mass: Float32Array.from({ length: 9 }, (_, index) => index / 10),
    sinks: Uint8Array.from({ length: 6 }, (_, index) => index),
    distant: Uint8Array.from({ length: 10 }, (_, index) => 100 + index),
    unread: Uint8Array.from({ length: 10 }, (_, index) => index % 2),
    distantRead: Uint32Array.of(898, 512, 70_000),
    recent: Uint8Array.from({ length: 12 }, (_, index) => 200 + index),
  };
  const bytes = encodeMapTile(tile);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeMapTile(shifted.subarray(3))).toEqual(tile);
});

it('a tile without distant tokens has no bands', () => {
  const tile: MapTile = {
    answerToken: 0,
    layers: 1,
    sinkTokens: 1,
    recentTokens: 1,
    recentStart: 1,
    distantTokens: 0,
    distantColumns: 0,
    mass: Float32Array.of(0.5, 0, 0.5),
    sinks: Uint8Array.of(1),
    distant: new Uint8Array(),
    unread: new Uint8Array(),
    distantRead: Uint32Array.of(0),
    recent: Uint8Array.of(2),
  };
  expect(decodeMapTile(encodeMapTile(tile))).toEqual(tile);
});
