import type { ContentsPart, ElectronParts, NavigationEvent } from '../electronParts.ts';
import { decideDownload } from './decideDownload.ts';
import { decideNavigation } from './decideNavigation.ts';
import { decidePermission } from './decidePermission.ts';
import { decideRequest } from './decideRequest.ts';

/** Puts every decision of this folder in front of every page there will ever be. Called before the first window. */
export function installGuards({ app, session, shell }: ElectronParts, origin: string): void {
  const guarded = session.defaultSession;
  guarded.setPermissionRequestHandler((_contents, permission, answer) => answer(decidePermission(permission)));
  guarded.setPermissionCheckHandler((_contents, permission) => decidePermission(permission));
  guarded.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !decideRequest(url, origin) }));
  guarded.on('will-download', (event, item) => {
    if (!decideDownload(item.getURL(), origin)) event.preventDefault();
  });

  app.on('web-contents-created', (_event, contents) => {
    guardContents(contents, origin, (url) => void shell.openExternal(url));
  });
}

function guardContents(contents: ContentsPart, origin: string, openExternal: (url: string) => void): void {
  const stay = (event: NavigationEvent): void => {
    const navigator = event.isMainFrame ? 'window' : 'frame';
    if (decideNavigation(event.url, navigator, origin) !== 'follow') event.preventDefault();
  };
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (decideNavigation(url, 'newWindow', origin) === 'external') openExternal(url);
    return { action: 'deny' };
  });
}
