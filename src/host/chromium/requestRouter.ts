import type { Request as BrowserRequest, Page, Route } from 'playwright-core';
import type { HostContents } from './hostWindow.ts';

export interface RequestRouterOptions {
  readonly origin: string;
  readonly page: Page;
  readonly contents: () => HostContents | null;
  /** The app's own request filter. */
  readonly lets: (url: string) => Promise<boolean>;
  /** The app's protocol handler; null before it is there. */
  readonly answer: () => ((request: Request) => Promise<Response>) | null;
}

/**
 * Answers every request of the browser's pages: those to the app's origin from the app's
 * protocol handler, all others not at all. The browser itself resolves no name either, so
 * no byte leaves the machine.
 */
export function requestRouter(options: RequestRouterOptions): (route: Route) => Promise<void> {
  return async (route) => {
    try {
      await answerRoute(route, options);
    } catch {
      // The page or frame went away while it was answered.
      await route.abort().catch(() => undefined);
    }
  };
}

async function answerRoute(
  route: Route,
  { origin, page, contents, lets, answer }: RequestRouterOptions,
): Promise<void> {
  const request = route.request();
  const url = request.url();
  if (request.isNavigationRequest() && !isOfPage(request, page)) {
    contents()?.askForWindow(url);
    await route.abort();
    return;
  }
  if (request.isNavigationRequest()) {
    const isMainFrame = request.frame() === page.mainFrame();
    if (contents()?.letsNavigate(url, isMainFrame) === false) {
      await route.abort();
      return;
    }
  }
  const handler = answer();
  if (!handler || !url.startsWith(`${origin}/`) || !(await lets(url))) {
    await route.abort();
    return;
  }
  const response = await handler(new Request(url, { method: request.method(), headers: request.headers() }));
  await route.fulfill({
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  });
}

/** False for what a new window asks for: its frame is of another page, or not known yet. */
function isOfPage(request: BrowserRequest, page: Page): boolean {
  try {
    return request.frame().page() === page;
  } catch {
    return false;
  }
}
