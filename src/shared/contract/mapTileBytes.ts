import type { MapTile } from '../domain/index.ts';

const HEADER_BYTES = 32;

/**
 * Lays a map tile out as bytes, little endian: eight uint32 (answerToken, layers, bands,
 * sinkTokens, recentTokens, recentStart, distantTokens, distantColumns), then mass
 * (float32), distantRead (uint32), sinks, distant, unread and recent (uint8).
 */
export function encodeMapTile(tile: MapTile): Uint8Array {
  const bands = tile.distantColumns === 0 ? 0 : tile.distant.length / tile.distantColumns;
  const parts = [
    new Uint8Array(tile.mass.buffer, tile.mass.byteOffset, tile.mass.byteLength),
    new Uint8Array(tile.distantRead.buffer, tile.distantRead.byteOffset, tile.distantRead.byteLength),
    tile.sinks,
    tile.distant,
    tile.unread,
    tile.recent,
  ];
  const bytes = new Uint8Array(HEADER_BYTES + parts.reduce((sum, part) => sum + part.byteLength, 0));
  const header = new DataView(bytes.buffer);
  [
    tile.answerToken,
    tile.layers,
    bands,
    tile.sinkTokens,
    tile.recentTokens,
    tile.recentStart,
    tile.distantTokens,
    tile.distantColumns,
  ].forEach((value, index) => {
    header.setUint32(index * 4, value, true);
  });
  let at = HEADER_BYTES;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}

/** Reads what `encodeMapTile` wrote. The tile's arrays are copies. */
export function decodeMapTile(bytes: Uint8Array): MapTile {
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const field = (index: number): number => header.getUint32(index * 4, true);
  const layers = field(1);
  const bands = field(2);
  const sinkTokens = field(3);
  const recentTokens = field(4);
  const distantColumns = field(7);
  let at = HEADER_BYTES;
  const take = (length: number): Uint8Array => {
    const part = bytes.slice(at, at + length);
    at += length;
    return part;
  };
  const mass = new Float32Array(take(layers * 3 * 4).buffer);
  const distantRead = new Uint32Array(take(layers * 4).buffer);
  return {
    answerToken: field(0),
    layers,
    sinkTokens,
    recentTokens,
    recentStart: field(5),
    distantTokens: field(6),
    distantColumns,
    mass,
    distantRead,
    sinks: take(layers * sinkTokens),
    distant: take(bands * distantColumns),
    unread: take(bands * distantColumns),
    recent: take(layers * recentTokens),
  };
}
