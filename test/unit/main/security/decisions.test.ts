import { describe, expect, it } from 'vitest';
import type { CallEvent } from '#main/electronParts.ts';
import { decideDownload } from '#main/security/decideDownload.ts';
import { decideNavigation } from '#main/security/decideNavigation.ts';
import { decidePermission } from '#main/security/decidePermission.ts';
import { decideRequest } from '#main/security/decideRequest.ts';
import { isTrustedSender } from '#main/security/isTrustedSender.ts';

const origins = ['app://proxima', 'https://proxima.invalid'];

describe.each(origins)('decisions at %s', (origin) => {
  it.each([
    ['window', `${origin}/`, 'follow'],
    ['window', `${origin}/#settings`, 'follow'],
    ['window', `${origin}/frame/`, 'drop'],
    ['window', `${origin}/bulk/books/ab/file`, 'drop'],
    ['window', 'https://example.com/', 'drop'],
    ['window', `${origin}.example.com/`, 'drop'],
    ['window', 'file:///etc/passwd', 'drop'],
    ['window', 'javascript:alert(1)', 'drop'],
    ['window', 'no address', 'drop'],
    ['frame', `${origin}/frame/`, 'follow'],
    ['frame', `${origin}/`, 'drop'],
    ['frame', 'https://example.com/', 'drop'],
    ['frame', 'data:text/html,x', 'drop'],
    ['newWindow', 'https://example.com/page?q=1', 'external'],
    ['newWindow', 'http://example.com/', 'drop'],
    ['newWindow', 'https://user:secret@example.com/', 'drop'],
    ['newWindow', `${origin}/`, 'drop'],
    ['newWindow', 'file:///etc/passwd', 'drop'],
    ['newWindow', 'ms-settings:privacy', 'drop'],
  ] as const)('%s to %s: %s', (navigator, target, decision) => {
    expect(decideNavigation(target, navigator, origin)).toBe(decision);
  });

  it.each([
    [`${origin}/assets/window.js`, true],
    [`blob:${origin}/1-2-3`, true],
    ['data:image/png;base64,AAAA', true],
    ['https://example.com/', false],
    ['http://127.0.0.1:8080/', false],
    ['ws://localhost/', false],
    ['file:///etc/passwd', false],
    [`${origin}.example.com/`, false],
    ['', false],
  ])('lets a request to %s out: %s', (target, lets) => {
    expect(decideRequest(target, origin)).toBe(lets);
  });

  it.each([
    [`blob:${origin}/1-2-3`, true],
    ['blob:null/1-2-3', false],
    ['https://example.com/file.exe', false],
    [`${origin}/bulk/books/ab/file`, false],
  ])('lets a download of %s begin: %s', (target, lets) => {
    expect(decideDownload(target, origin)).toBe(lets);
  });

  it('trusts only the page of a window of its own', () => {
    const top = { url: `${origin}/`, origin, parent: null };
    const sender = { id: 3 };
    const ids = new Set([3]);
    const trusted = (event: CallEvent): boolean => isTrustedSender(event, ids, origin);
    expect(trusted({ senderFrame: top, sender })).toBe(true);
    expect(trusted({ senderFrame: { ...top, url: `${origin}/#ask` }, sender })).toBe(true);
    expect(trusted({ senderFrame: null, sender })).toBe(false);
    expect(trusted({ senderFrame: top, sender: { id: 4 } })).toBe(false);
    expect(trusted({ senderFrame: { ...top, parent: top }, sender })).toBe(false);
    expect(trusted({ senderFrame: { ...top, origin: 'null' }, sender })).toBe(false);
    expect(trusted({ senderFrame: { ...top, url: `${origin}/frame/` }, sender })).toBe(false);
    expect(
      trusted({ senderFrame: { url: 'https://example.com/', origin: 'https://example.com', parent: null }, sender }),
    ).toBe(false);
  });
});

it.each([
  ['clipboard-sanitized-write', true],
  ['fullscreen', true],
  ['clipboard-read', false],
  ['media', false],
  ['geolocation', false],
  ['notifications', false],
  ['openExternal', false],
  ['usb', false],
  ['fileSystem', false],
  ['something-new', false],
])('grants %s: %s', (permission, granted) => {
  expect(decidePermission(permission)).toBe(granted);
});
