import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { SearchHit } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { Highlighted } from '../../ui/Highlighted.tsx';
import { startOf } from '../book/startOf.ts';

const HIT_PX = 76;

/** Hits in the order of the book, each with its page and the words around it. */
export function HitList({ hits }: { readonly hits: readonly SearchHit[] }) {
  const { search, book, shell } = useStores();
  const current = useStore(search, (state) => state.current);
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler memoises here; the list renders anew by itself
  const list = useVirtualizer({
    count: hits.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => HIT_PX,
    overscan: 6,
  });
  useEffect(() => {
    if (current >= 0) list.scrollToIndex(current, { align: 'auto' });
  }, [list, current]);
  const go = (index: number): void => {
    const hit = search.getState().choose(index);
    if (!hit) return;
    book.getState().jump(startOf(hit.span), [{ span: hit.span, kind: 'current' }]);
    shell.getState().closeOverlay();
  };
  return (
    <div ref={scroller} className="hits">
      <ol className="hits__inner" style={{ height: list.getTotalSize() }} aria-label="Hits">
        {list.getVirtualItems().map((item) => {
          const hit = hits[item.index];
          return (
            hit && (
              <li
                key={item.index}
                ref={list.measureElement}
                data-index={item.index}
                className="hits__item"
                aria-setsize={hits.length}
                aria-posinset={item.index + 1}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <button
                  type="button"
                  className="hit"
                  aria-current={item.index === current}
                  onClick={() => go(item.index)}
                >
                  <span className="hit__place">
                    <b>{hit.leafLabel}</b>
                    {hit.sectionTitle !== hit.leafLabel && <span>{hit.sectionTitle}</span>}
                  </span>
                  <span className="hit__snippet">
                    <Highlighted text={hit.snippet} marks={hit.marks} />
                  </span>
                </button>
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}
