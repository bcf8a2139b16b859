import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { formatBytes } from '../../ui/formatBytes.ts';
import { formatCount } from '../../ui/formatCount.ts';

/** What reading the scope would take, before anything is read: tokens against the context, bytes against dense. */
export function ScopeMeter() {
  const { ask } = useStores();
  const estimate = useStore(ask, (state) => state.estimate);
  const error = useStore(ask, (state) => state.estimateError);
  // The card above the field says so too, and offers to fetch one.
  if (error?.code === 'model/notFound') return null;
  if (error) {
    return (
      <p className="meter meter--quiet" role="status">
        {error.message} {error.advice}
      </p>
    );
  }
  if (!estimate) return <p className="meter meter--quiet">Measuring what there is to read…</p>;
  const { tokens, readTokens, contextTokens, cacheBytes, denseFp16Bytes, status } = estimate;
  const share = contextTokens > 0 ? Math.min(1, readTokens / contextTokens) : 0;
  const picked = readTokens < tokens;
  const atLeast = status === 'partial' ? 'at least ' : '';
  return (
    <div className="meter">
      <div
        className={picked ? 'meter__bar meter__bar--picked' : 'meter__bar'}
        role="meter"
        aria-label="Tokens to be read against what the model reads at once"
        aria-valuemin={0}
        aria-valuemax={contextTokens}
        aria-valuenow={Math.min(readTokens, contextTokens)}
        aria-valuetext={`${atLeast}${formatCount(readTokens)} of ${formatCount(contextTokens)} tokens`}
      >
        <div style={{ transform: `scaleX(${share})` }} />
      </div>
      <p className="meter__figures">
        <span>
          {atLeast}
          <b>{formatCount(readTokens)}</b> of {formatCount(contextTokens)} tokens
        </span>
        <span title="Cache of this scope, and what a dense half-precision cache takes">
          {formatBytes(cacheBytes)} <small>dense {formatBytes(denseFp16Bytes)}</small>
        </span>
      </p>
      {picked && (
        <p className="meter__over">
          Search picks the {formatCount(readTokens)} most to the point of {formatCount(tokens)} tokens. The answer names
          what was read.
        </p>
      )}
      {status === 'partial' && (
        <p className="meter__over">
          The text is still being read: {formatCount(estimate.leavesExtracted)} of {formatCount(estimate.leafCount)}.
        </p>
      )}
    </div>
  );
}
