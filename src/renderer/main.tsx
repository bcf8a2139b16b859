import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { ReaderBridge } from '#shared/contract/index.ts';
import { App } from './app/App.tsx';
import { createStores } from './app/createStores.ts';
import { StartFailed } from './app/StartFailed.tsx';
import { StoresContext } from './app/storesContext.ts';
import { createBridge } from './bridge/bridge.ts';
import { mapTileFetcher } from './bridge/fetchMapTile.ts';
import { toReaderError } from './bridge/toReaderError.ts';
import './styles/tokens.css';
import './styles/base.css';
import './ui/ui.css';

declare global {
  interface Window {
    /** Put there by the preload, and only by it. */
    readonly reader: ReaderBridge;
  }
}

const root = createRoot(document.getElementById('root') ?? document.body);

try {
  const bridge = createBridge(window.reader);
  const app = await bridge.call('app.state', null);
  const stores = createStores(bridge, app, mapTileFetcher(app.origin));
  root.render(
    <StrictMode>
      <StoresContext value={stores}>
        <App />
      </StoresContext>
    </StrictMode>,
  );
} catch (thrown) {
  root.render(<StartFailed error={toReaderError(thrown)} />);
}
