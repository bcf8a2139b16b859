import { Tooltip } from 'radix-ui';
import { type ReactNode, use } from 'react';
import { PortalContext } from './portalContext.ts';

interface HintProps {
  readonly label: string;
  /** The keys that do the same, as "Ctrl+B". */
  readonly keys?: string | undefined;
  readonly children: ReactNode;
}

/** A tooltip over the element inside. The element needs a name of its own: a hint is no label. */
export function Hint({ label, keys, children }: HintProps) {
  const container = use(PortalContext);
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={container}>
        <Tooltip.Content className="tooltip" sideOffset={6} collisionPadding={8}>
          {label}
          {keys && <kbd>{keys}</kbd>}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
