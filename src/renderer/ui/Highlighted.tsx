interface HighlightedProps {
  readonly text: string;
  /** `[start, end)` of what to mark, in order and apart from each other. */
  readonly marks: readonly (readonly [number, number])[];
}

/** Text with some of its words marked. */
export function Highlighted({ text, marks }: HighlightedProps) {
  const starts = marks.map((_, index) => marks[index - 1]?.[1] ?? 0);
  return (
    <>
      {marks.map(([start, end], index) => (
        <span key={start}>
          {text.slice(starts[index], start)}
          <mark>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.[1] ?? 0)}
    </>
  );
}
