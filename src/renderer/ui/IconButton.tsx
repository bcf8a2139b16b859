import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Hint } from './Hint.tsx';

interface IconButtonProps extends ComponentProps<'button'> {
  readonly icon: LucideIcon;
  /** The button's name, read aloud and shown as a hint. */
  readonly label: string;
  readonly keys?: string;
}

/** A button that shows only an icon. */
export function IconButton({ icon: Icon, label, keys, ...rest }: IconButtonProps) {
  return (
    <Hint label={label} keys={keys}>
      <button type="button" className="icon-button" aria-label={label} {...rest}>
        <Icon size={17} strokeWidth={1.75} aria-hidden />
      </button>
    </Hint>
  );
}
