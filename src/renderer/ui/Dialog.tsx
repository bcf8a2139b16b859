import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { IconButton } from './IconButton.tsx';
import { PortalContext } from './portalContext.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal dialog on the browser's own `<dialog>`: focus stays inside, Escape closes, what lies behind is inert.
 * Radix's dialog would write a `<style>` for its scroll lock, which our content security policy refuses.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null);
  const titleId = useId();
  useEffect(() => {
    if (!dialog) return;
    const returnTo = document.activeElement;
    dialog.showModal();
    // The dialog itself takes the focus, so that it is read from its title on and no button looks chosen.
    if (!dialog.querySelector('[data-first-focus]')) dialog.focus();
    dialog.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    return () => {
      dialog.close();
      if (returnTo instanceof HTMLElement) returnTo.focus();
    };
  }, [dialog]);
  return (
    <dialog
      ref={setDialog}
      tabIndex={-1}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog) onClose();
      }}
    >
      <PortalContext value={dialog}>
        <div className="dialog__head">
          <h2 className="dialog__title" id={titleId}>
            {title}
          </h2>
          <IconButton icon={X} label="Close" onClick={onClose} />
        </div>
        <div className="dialog__body">{children}</div>
      </PortalContext>
    </dialog>
  );
}
