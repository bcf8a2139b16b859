import { type FrameCalls, isFrameGreeting } from '#shared/contract/index.ts';
import { leafIndex } from '#shared/domain/index.ts';
import { serveRpc } from '#shared/rpc/index.ts';

/** A page that speaks the frame's side of the channel and shows one printed page. */
const page = document.createElement('main');
page.style.cssText =
  'width:600px;margin:28px auto;padding:64px 72px;font:17px/1.65 "Liberation Serif",serif;box-shadow:0 1px 8px rgb(0 0 0/.12)';
const paragraph = (text: string, css: string): void => {
  const element = document.createElement('p');
  element.textContent = text;
  element.style.cssText = css;
  page.append(element);
};
paragraph('CHAPTER XV', 'text-align:center;margin:0 0 2em');
for (let count = 0; count < 5; count += 1) {
  paragraph(
    'Mr. Collins was not a sensible man, and the deficiency of nature had been but little assisted by education or society; the greatest part of his life having been spent under the guidance of an illiterate and miserly father.',
    'margin:0;text-indent:1.5em;text-align:justify',
  );
}
document.body.append(page);

window.addEventListener('message', (event) => {
  const port = event.ports[0];
  if (!port || !isFrameGreeting(event.data)) return;
  const send = (frameEvent: unknown): void => port.postMessage({ frameEvent });
  const dress = (theme: string): void => {
    document.body.style.background = theme === 'dark' ? '#14120f' : '#efebe3';
    page.style.background = theme === 'dark' ? '#211e1a' : '#fff';
    page.style.color = theme === 'dark' ? '#ddd5c8' : '#26221c';
  };
  serveRpc<FrameCalls>(
    {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => {
        port.onmessage = ({ data }) => listener(data);
      },
      onClose: () => undefined,
    },
    {
      show: ({ position, appearance }) => {
        dress(appearance.theme);
        send({ type: 'position', position: position ?? { leaf: leafIndex(0), offset: 0 }, leafLabel: '75' });
        return { firstPaintMs: 1, workerIsReal: true };
      },
      goTo: (position) => {
        send({ type: 'position', position, leafLabel: String(position.leaf - 11) });
        return null;
      },
      mark: () => null,
      appearance: ({ theme }) => {
        dress(theme);
        return null;
      },
      zoom: () => ({ scale: 1.1 }),
      ping: () => null,
    },
  );
  send({ type: 'ready' });
});
