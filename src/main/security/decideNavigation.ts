import { appUrls } from '../../shared/contract/index.ts';

/** What happens to a navigation: followed, handed to the person's own browser, or dropped. */
export type NavigationDecision = 'follow' | 'external' | 'drop';

/** What wants to go elsewhere: the window's page, a frame in it, or something that asks for a new window. */
export type Navigator = 'window' | 'frame' | 'newWindow';

/**
 * Decides where a page may go. The window stays on its own page and a frame on the book
 * frame's; a new window is never opened. Only `https:` links asked for as a new window (that
 * is what a click on an outside link does) leave for the person's browser, so that no script
 * can hand a `file:` or an application's scheme to the system.
 */
export function decideNavigation(target: string, navigator: Navigator, origin: string): NavigationDecision {
  if (!URL.canParse(target)) return 'drop';
  const [address = ''] = target.split('#', 1);
  switch (navigator) {
    case 'window':
      return address === appUrls.window(origin) ? 'follow' : 'drop';
    case 'frame':
      return address === appUrls.frame(origin) ? 'follow' : 'drop';
    case 'newWindow': {
      const url = new URL(target);
      const ofTheApp = address.startsWith(`${origin}/`);
      const hasLogin = url.username !== '' || url.password !== '';
      return url.protocol === 'https:' && !ofTheApp && !hasLogin ? 'external' : 'drop';
    }
    default:
      return navigator satisfies never;
  }
}
