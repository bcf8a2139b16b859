import type { FrameAppearance, FrameCalls } from '#shared/contract/index.ts';
import { CallError, toWire } from '#shared/errors/index.ts';
import { serveRpc } from '#shared/rpc/index.ts';
import type { BookViewer, ViewerSetting } from './bookViewer.ts';
import { FlowViewer } from './flow/flowViewer.ts';
import { acceptPort } from './framePort.ts';
import { keyAction } from './keyAction.ts';
import { PdfViewer } from './pdf/pdfViewer.ts';

const host = document.querySelector<HTMLElement>('#book')!;
const port = await acceptPort();

let viewer: BookViewer | null = null;
let direction: 'ltr' | 'rtl' = 'ltr';

serveRpc<FrameCalls>(port, {
  show: async ({ info, origin, position, appearance, password }) => {
    const startedAt = performance.now();
    viewer?.dispose();
    host.replaceChildren();
    host.ariaLabel = info.title;
    if (info.language) document.documentElement.lang = info.language;
    direction = info.direction;
    dress(appearance);
    const setting: ViewerSetting = { host, info, origin, password, appearance, send: port.send };
    viewer = info.format === 'pdf' ? new PdfViewer(setting) : new FlowViewer(setting);
    const { workerIsReal } = await viewer.open(position);
    await nextFrame();
    return { firstPaintMs: performance.now() - startedAt, workerIsReal };
  },
  goTo: async (position) => {
    await shown().goTo(position);
    await nextFrame();
    return null;
  },
  mark: ({ marks }) => {
    shown().mark(marks);
    return null;
  },
  appearance: (appearance) => {
    dress(appearance);
    viewer?.changeAppearance(appearance);
    return null;
  },
  zoom: ({ to }) => ({ scale: shown().zoom(to) }),
  ping: () => null,
});

window.addEventListener('focus', () => host.focus({ preventScroll: true }));
window.addEventListener('keydown', (event) => {
  const action = keyAction(event, direction, host.scrollWidth > host.clientWidth + 1);
  if (!action) return;
  event.preventDefault();
  switch (action.do) {
    case 'tell':
      port.send({ type: 'shortcut', shortcut: action.shortcut });
      break;
    case 'turn':
      viewer?.turn(action.leaves);
      break;
    case 'zoom':
      viewer?.zoom(action.to);
      break;
    default:
      action satisfies never;
  }
});
window.addEventListener('error', (event) => port.send({ type: 'failed', error: toWire(event.error ?? event.message) }));
window.addEventListener('unhandledrejection', (event) => port.send({ type: 'failed', error: toWire(event.reason) }));

port.send({ type: 'ready' });

function dress({ theme }: FrameAppearance): void {
  document.documentElement.dataset['theme'] = theme;
}

function shown(): BookViewer {
  if (viewer) return viewer;
  throw new CallError('call/unknown', 'No book is shown in this frame yet.', { advice: 'Open the book again.' });
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve()));
}
