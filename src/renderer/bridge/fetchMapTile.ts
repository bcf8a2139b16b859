import { bulkUrls, decodeMapTile } from '#shared/contract/index.ts';
import type { AnswerId, MapTile, MapTileRequest } from '#shared/domain/index.ts';
import { EngineError } from '#shared/errors/index.ts';

/** How a view gets the map of one answer token; a parameter of the map store, so that tests need no network. */
export type FetchMapTile = (answer: AnswerId, request: MapTileRequest, signal: AbortSignal) => Promise<MapTile>;

/**
 * Fetches tiles from the app's own protocol.
 * @param origin base of every bulk address
 * @throws {EngineError} `engine/internal` when the engine no longer holds the answer.
 */
export function mapTileFetcher(origin: string): FetchMapTile {
  return async (answer, request, signal) => {
    const response = await fetch(bulkUrls.mapTile(origin, answer, request), { signal });
    if (!response.ok) {
      throw new EngineError('engine/internal', `The map of this answer is not at hand (status ${response.status}).`, {
        advice: 'Maps are kept for the answers of this session. Ask again to see one.',
      });
    }
    return decodeMapTile(new Uint8Array(await response.arrayBuffer()));
  };
}
