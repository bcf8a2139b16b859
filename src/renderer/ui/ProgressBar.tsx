interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; null while it cannot be known. */
  readonly share: number | null;
}

/** How far something is. */
export function ProgressBar({ label, share }: ProgressBarProps) {
  const known = share === null ? null : Math.max(0, Math.min(1, share));
  return (
    <div
      className={known === null ? 'bar bar--unknown' : 'bar'}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known === null ? {} : { 'aria-valuenow': Math.round(known * 100) })}
    >
      <div className="bar__fill" style={known === null ? {} : { transform: `scaleX(${known})` }} />
    </div>
  );
}
