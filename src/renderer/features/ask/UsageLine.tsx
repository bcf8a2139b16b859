import { formatBytes } from '../../ui/formatBytes.ts';
import { formatCount } from '../../ui/formatCount.ts';
import type { TurnUsage } from './turn.ts';

/** What the answer kept in memory against what a dense half-precision cache takes. Never rounded in our favour. */
export function UsageLine({ usage }: { readonly usage: TurnUsage }) {
  const { cacheBytes, denseFp16Bytes, promptTokens, reusedTokens, newTokens, prefillMs, decodeMs } = usage;
  const saved = denseFp16Bytes > 0 ? 1 - cacheBytes / denseFp16Bytes : 0;
  return (
    <div className="usage">
      <p>
        {formatBytes(cacheBytes)} of cache; a dense one takes {formatBytes(denseFp16Bytes)}
        {saved > 0 ? (
          <>
            {' '}
            in fp16: <b>{Math.floor(saved * 100)}% less</b>
          </>
        ) : (
          ' in fp16'
        )}
        .
      </p>
      {promptTokens !== null && prefillMs !== null && newTokens !== null && decodeMs !== null && (
        <p>
          Read {formatCount(promptTokens - (reusedTokens ?? 0))} tokens
          {reusedTokens ? ` (and ${formatCount(reusedTokens)} before)` : ''} in {seconds(prefillMs)}, wrote{' '}
          {formatCount(newTokens)} in {seconds(decodeMs)}
          {usage.device && ` on ${usage.device}`}, policy {usage.policy}
          {usage.isAdapted && ', adapted weights'}.
        </p>
      )}
    </div>
  );
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
