import { Tooltip } from 'radix-ui';
import type { ReaderError } from '../bridge/toReaderError.ts';
import { Button } from '../ui/Button.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import './shell.css';

/** Shown in place of the app when its first call fails, so that a window is never just white. */
export function StartFailed({ error }: { readonly error: ReaderError }) {
  return (
    <Tooltip.Provider>
      <main className="start-failed">
        <h1>Proxima could not start</h1>
        <ErrorNotice error={error}>
          <Button onClick={() => window.location.reload()}>Try again</Button>
        </ErrorNotice>
      </main>
    </Tooltip.Provider>
  );
}
