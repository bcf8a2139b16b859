import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FRAME_SILENCE_MS, PortFrameLink } from '../../../src/renderer/bridge/frameLink.ts';
import type { FrameCalls, FrameEvent } from '../../../src/shared/contract/index.ts';
import type { CallError } from '../../../src/shared/errors/index.ts';
import { serveRpc } from '../../../src/shared/rpc/index.ts';

let channel: MessageChannel;
let link: PortFrameLink | null = null;
beforeEach(() => {
  channel = new MessageChannel();
});
afterEach(() => {
  vi.useRealTimers();
  link?.dispose();
  channel.port2.close();
});

/** Serves the frame's side with nothing but zoom. */
function serve(port: MessagePort): void {
  serveRpc<Pick<FrameCalls, 'zoom' | 'ping'>>(
    {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => port.addEventListener('message', ({ data }) => listener(data)),
      onClose: () => undefined,
    },
    { zoom: () => ({ scale: 1.5 }), ping: () => null },
  );
  port.start();
}

it('carries calls and events over one port without mixing them up', async () => {
  const events: FrameEvent[] = [];
  serve(channel.port2);
  link = new PortFrameLink(channel.port1, { onEvent: (event) => events.push(event), onLost: () => undefined });
  channel.port2.postMessage({ frameEvent: { type: 'externalLink', url: 'https://example.org' } });
  await expect(link.call('zoom', { to: 'in' })).resolves.toEqual({ scale: 1.5 });
  expect(events).toEqual([{ type: 'externalLink', url: 'https://example.org' }]);
});

it('tells once that a frame has closed its end, and fails what was running', async () => {
  const lost: CallError[] = [];
  link = new PortFrameLink(channel.port1, { onEvent: () => undefined, onLost: (error) => lost.push(error) });
  const running = link.call('ping', null);
  channel.port2.close();
  await expect(running).rejects.toMatchObject({ code: 'call/disconnected' });
  expect(lost).toHaveLength(1);
  expect(lost[0]?.advice).toContain('Reload the book');
});

it('notices a frame that hangs', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  const lost: CallError[] = [];
  link = new PortFrameLink(channel.port1, { onEvent: () => undefined, onLost: (error) => lost.push(error) });
  vi.advanceTimersByTime(FRAME_SILENCE_MS - 1);
  expect(lost).toHaveLength(0);
  vi.advanceTimersByTime(10_001);
  expect(lost).toHaveLength(1);
});

it('does not take the sleep of the machine for a hang', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  const lost: CallError[] = [];
  link = new PortFrameLink(channel.port1, { onEvent: () => undefined, onLost: (error) => lost.push(error) });
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(2_000);
  expect(lost).toHaveLength(0);
});

it('stays quiet after it was disposed', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  const lost: CallError[] = [];
  link = new PortFrameLink(channel.port1, { onEvent: () => undefined, onLost: (error) => lost.push(error) });
  link.dispose();
  vi.advanceTimersByTime(FRAME_SILENCE_MS * 3);
  expect(lost).toHaveLength(0);
});
