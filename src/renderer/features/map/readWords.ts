import type { MapTile } from '#shared/domain/index.ts';
import { formatCount } from '../../ui/formatCount.ts';

/** How much of the distant text a word of the answer read, as a sentence; null where each layer read all of it. */
export function readWords({ distantRead, distantTokens }: MapTile): string | null {
  const least = Math.min(...distantRead);
  const most = Math.max(...distantRead);
  if (least >= distantTokens) return null;
  const all = `${formatCount(distantTokens)} distant tokens`;
  return least === most
    ? `This word read ${formatCount(least)} of ${all} in every layer.`
    : `This word read ${formatCount(least)} to ${formatCount(most)} of ${all}, depending on the layer.`;
}

/** Whether a map has columns that were scored and not read. */
export const hasUnread = ({ unread }: MapTile): boolean => unread.includes(1);
