import type { AttentionShape } from '#shared/domain/index.ts';
import { isSliding } from '../cache/slidingLayers.ts';
import type { StepAttention } from '../decode/stepAttention.ts';

/**
 * Which of the tokens `[start, end)` a layer read for one query: all, those of the pages its leaders pointed to,
 * or for a sliding layer those in its window.
 * @param end at most the query's own position
 * @returns `[end - start]`: 1 where the token was read, else 0
 */
export function readTokens(
  attention: StepAttention,
  shape: AttentionShape,
  layer: number,
  start: number,
  end: number,
): Float32Array {
  const { distantStart, distantTokens, nearPositions, pagesRead } = attention;
  const read = new Float32Array(end - start).fill(1);
  if (shape.sliding && isSliding(shape, layer)) {
    const windowStart = nearPositions.at(-1)! + 1 - shape.sliding.windowTokens;
    return read.fill(0, 0, Math.max(0, windowStart - start));
  }
  if (!pagesRead) return read;
  const pages = distantTokens / pagesRead.pageTokens;
  for (let token = 0; token < distantTokens; token++) {
    const page = layer * pages + Math.floor(token / pagesRead.pageTokens);
    const at = distantStart + token - start;
    if (at >= 0 && at < read.length) read[at] = pagesRead.read[page]!;
  }
  return read;
}
