import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';

/** Says finished sentences of the answer to screen readers, politely; never token by token. */
export function Announcer() {
  const { answer } = useStores();
  const spoken = useStore(answer, (state) => state.spoken);
  return (
    <p className="sr-only" role="status" aria-live="polite" aria-atomic="true" aria-label="Answer">
      {spoken}
    </p>
  );
}
