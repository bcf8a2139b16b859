import { type ReactNode, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { MapDescription } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { formatCount } from '../../ui/formatCount.ts';

interface TokenScrubberProps {
  readonly description: MapDescription;
  /** Stands beside the slider. */
  readonly children: ReactNode;
}

/** Chooses the word of the answer whose attention is shown: by pointer in the text, by keys on the slider. */
export function TokenScrubber({ description, children }: TokenScrubberProps) {
  const { map } = useStores();
  const token = useStore(map, (state) => state.token);
  const words = useRef<HTMLParagraphElement>(null);
  const last = Math.max(0, description.answerTexts.length - 1);
  useEffect(() => {
    const box = words.current;
    const current = box?.querySelector<HTMLElement>('[data-current="true"]');
    if (!box || !current) return;
    const top = current.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + current.offsetHeight > box.scrollTop + box.clientHeight) box.scrollTop = top - 4;
  }, [token]);
  return (
    <div className="scrubber">
      <p
        ref={words}
        className="scrubber__words"
        onClick={(event) => {
          const index = event.target instanceof HTMLElement ? event.target.dataset['token'] : undefined;
          if (index !== undefined) map.getState().setToken(Number(index));
        }}
      >
        {description.answerTexts.map((text, index) => (
          <span key={index} data-token={index} data-current={index === token}>
            {text}
          </span>
        ))}
      </p>
      <div className="scrubber__row">
        <label className="scrubber__slider">
          <span>
            Word {formatCount(token + 1)} of {formatCount(last + 1)}
          </span>
          <input
            type="range"
            min={0}
            max={last}
            value={token}
            aria-label="Word of the answer"
            aria-valuetext={`${token + 1} of ${last + 1}: ${description.answerTexts[token] ?? ''}`}
            onChange={(event) => map.getState().setToken(Number(event.target.value))}
          />
        </label>
        {children}
      </div>
    </div>
  );
}
