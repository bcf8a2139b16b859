import { TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ReaderError } from '../bridge/toReaderError.ts';
import { IconButton } from './IconButton.tsx';

interface ErrorNoticeProps {
  readonly error: ReaderError;
  readonly onDismiss?: () => void;
  /** What a person can do right here: usually one button. */
  readonly children?: ReactNode;
}

/** What went wrong, what to do about it, and a way to do it. */
export function ErrorNotice({ error, onDismiss, children }: ErrorNoticeProps) {
  return (
    <div className="notice" role="alert">
      <TriangleAlert className="notice__icon" size={16} aria-hidden />
      <div>
        <p className="notice__message">{error.message}</p>
        <p className="notice__advice">{error.advice}</p>
        {children && <div className="notice__actions">{children}</div>}
      </div>
      {onDismiss && <IconButton icon={X} label="Dismiss" onClick={onDismiss} />}
    </div>
  );
}
