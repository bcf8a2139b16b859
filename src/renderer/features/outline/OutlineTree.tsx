import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Highlighted } from '../../ui/Highlighted.tsx';
import { ancestorsOf, type OutlineRow, outlineIndexAt } from './outlineRows.ts';

const ROW_PX = 30;
const INDENT_PX = 14;

/** The contents as a tree of which only the lines in view exist, so 2,000 entries cost no more than 20. */
export function OutlineTree({ rows }: { readonly rows: readonly OutlineRow[] }) {
  const { outline, book, position, shell } = useStores();
  const entries = useStore(outline, (state) => state.outline);
  const here = useStore(position, (state) => outlineIndexAt(entries, state.position));
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler memoises here; the list renders anew by itself
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const activeRow = Math.min(active, Math.max(0, rows.length - 1));

  useEffect(() => {
    // The line of the present chapter is unfolded and brought into view as reading goes on.
    if (here >= 0) outline.getState().unfold(ancestorsOf(entries, here));
  }, [outline, entries, here]);
  const hereRow = rows.findIndex((row) => row.index === here);
  useEffect(() => {
    if (hereRow >= 0) list.scrollToIndex(hereRow, { align: 'auto' });
  }, [list, hereRow]);

  const go = (row: OutlineRow | undefined): void => {
    if (!row?.entry.target) return;
    book.getState().jump(row.entry.target);
    shell.getState().closeOverlay();
  };
  const moveTo = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setActive(next);
    list.scrollToIndex(next, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[activeRow];
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown') moveTo(activeRow + 1);
    else if (event.key === 'ArrowUp') moveTo(activeRow - 1);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(rows.length - 1);
    else if (event.key === 'Enter' || event.key === ' ') go(row);
    else if (event.key === 'ArrowRight' && row.hasChildren && !row.expanded) outline.getState().toggle(row.index);
    else if (event.key === 'ArrowLeft' && row.expanded) outline.getState().toggle(row.index);
    else if (event.key === 'ArrowLeft')
      moveTo(rows.findLastIndex((other, at) => at < activeRow && other.entry.depth < row.entry.depth));
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className="outline"
      role="tree"
      aria-label="Contents"
      tabIndex={0}
      aria-activedescendant={rows.length > 0 ? `outline-${activeRow}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className="outline__inner" role="presentation" style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={row.index}
              id={`outline-${item.index}`}
              className={`outline__row ${item.index === activeRow ? 'outline__row--active' : ''}`}
              role="treeitem"
              aria-level={row.entry.depth + 1}
              aria-selected={item.index === activeRow}
              aria-current={row.index === here ? 'location' : undefined}
              aria-disabled={row.entry.target === null}
              {...(row.hasChildren ? { 'aria-expanded': row.expanded } : {})}
              title={row.entry.title}
              style={{
                transform: `translateY(${item.start}px)`,
                paddingLeft: 10 + (row.match ? 0 : Math.min(6, row.entry.depth) * INDENT_PX),
              }}
              onClick={() => {
                setActive(item.index);
                go(row);
              }}
            >
              <span
                className="outline__fold"
                data-expanded={row.expanded}
                onClick={(event) => {
                  if (!row.hasChildren) return;
                  event.stopPropagation();
                  outline.getState().toggle(row.index);
                }}
              >
                {row.hasChildren && <ChevronRight size={14} aria-hidden />}
              </span>
              <span className="outline__title">
                <Highlighted text={row.entry.title} marks={row.match ? [row.match] : []} />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
