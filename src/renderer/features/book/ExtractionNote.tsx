import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { formatCount } from '../../ui/formatCount.ts';
import { formatDuration } from '../../ui/formatDuration.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';

/** How much of the text has been read for search and questions; nothing once it is all there. */
export function ExtractionNote() {
  const { extraction } = useStores();
  const done = useStore(extraction, (state) => state.leavesExtracted);
  const count = useStore(extraction, (state) => state.leafCount);
  const remainingMs = useStore(extraction, (state) => state.remainingMs);
  const failed = useStore(extraction, (state) => state.failed);
  if (failed) {
    return (
      <p className="extraction extraction--failed" role="status">
        Its text could be read up to {formatCount(done)} of {formatCount(count)}. {failed.message} {failed.advice}
      </p>
    );
  }
  if (count === 0 || done >= count) return null;
  return (
    <div className="extraction">
      <ProgressBar label="Reading the text of the book" share={done / count} />
      <p>
        Reading the text: {formatCount(done)} of {formatCount(count)}
        {remainingMs !== null && `, ${formatDuration(remainingMs)} left`}
      </p>
    </div>
  );
}
