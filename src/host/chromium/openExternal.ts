import { spawn } from 'node:child_process';

/** `shell.openExternal` on the Chromium host: the system's own way to open an address. */
export function openExternal(url: string): Promise<void> {
  const [command, args] = opener(process.platform, url);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  // A system without such a program opens nothing; the address stays in the page to be copied.
  child.on('error', () => undefined);
  child.unref();
  return Promise.resolve();
}

function opener(platform: NodeJS.Platform, url: string): readonly [string, readonly string[]] {
  switch (platform) {
    case 'darwin':
      return ['open', [url]];
    case 'win32':
      // Not `cmd /c start`: it would read `&` in an address as a command.
      return ['rundll32', ['url.dll,FileProtocolHandler', url]];
    default:
      return ['xdg-open', [url]];
  }
}
