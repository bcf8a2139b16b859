import type { MapTile } from '#shared/domain/index.ts';
import { hasUnread } from './readWords.ts';

/**
 * The two ways of looking and the tokens that draw attention whatever they say, told apart by colour and pattern;
 * what was not read only where the map shows any.
 */
export function MapLegend({ tile }: { readonly tile: MapTile | null }) {
  return (
    <p className="legend">
      <span>
        <span className="legend__key legend__key--own" aria-hidden /> own keys
      </span>
      <span>
        <span className="legend__key legend__key--shared" aria-hidden /> shared keys
      </span>
      <span>
        <span className="legend__key legend__key--first" aria-hidden /> first tokens
      </span>
      {tile && hasUnread(tile) && (
        <span title="All distant text was scored for this word; only the passages that scored highest were read.">
          <span className="legend__key legend__key--unread" aria-hidden /> not read
        </span>
      )}
    </p>
  );
}
