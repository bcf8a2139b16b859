import type { ReactNode } from 'react';
import type { LoadedModel, MeasuredPoint } from '#shared/domain/index.ts';

interface MemoryNoteProps {
  readonly model: LoadedModel | null;
  /** One for each way of keeping the cache, null where nothing was measured. */
  readonly measured: readonly (MeasuredPoint | null)[];
}

/** How the figures came about; and where there are none, why, and which command makes them. */
export function MemoryNote({ model, measured }: MemoryNoteProps) {
  if (!model) return <p className="points__note">What each takes and loses is told once the model is loaded.</p>;
  if (model.planIds.pod === 'dense') {
    return (
      <Command line={`npm run -s proxima -- explore --model "${model.path}" --text BOOK`}>
        This model has no sharing plan: whatever is chosen, it runs uncompressed, and there is nothing to measure. A
        plan is made, in the folder of Proxima, by
      </Command>
    );
  }
  const days = measured.flatMap((point) => point?.day ?? []).sort();
  return (
    <>
      {days.length > 0 && (
        <p className="points__note">
          Measured against Uncompressed on {daysWords(days)}. An ordinary cache keeps everything in 16 bits. “As before”
          is a difference that chance alone could make.
        </p>
      )}
      {measured.includes(null) && (
        <Command line={`npm run eval -- --model "${model.path}" --task prose --task copy --book NOVEL.epub --publish`}>
          {days.length > 0 ? 'Not all was' : 'Nothing was'} measured for this model under its plans. It is measured, in
          the folder of Proxima and on a novel that no plan was made from, by
        </Command>
      )}
    </>
  );
}

function Command({ line, children }: { readonly line: string; readonly children: ReactNode }) {
  return (
    <p className="points__note">
      {children} <code>{line}</code>
    </p>
  );
}

/** @param days in order, at least one */
function daysWords(days: readonly string[]): string {
  const [first, last] = [days[0]!, days.at(-1)!].map((day) =>
    new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }),
  );
  return first === last ? first! : `${first} to ${last}`;
}
