import { Copy, X } from 'lucide-react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { IconButton } from '../../ui/IconButton.tsx';

/** An address the book points to outside of itself: shown whole, copied on demand, never followed. */
export function ExternalLinkNotice() {
  const { book } = useStores();
  const url = useStore(book, (state) => state.externalLink);
  if (url === null) return null;
  return (
    <div className="link-notice" role="status">
      <p>
        This link leads out of the book. Proxima stays offline and does not follow it.
        <code>{url}</code>
      </p>
      <Button onClick={() => void navigator.clipboard.writeText(url)}>
        <Copy size={14} aria-hidden />
        Copy
      </Button>
      <IconButton icon={X} label="Close" onClick={() => book.getState().dismissLink()} />
    </div>
  );
}
