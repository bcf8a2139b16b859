import { resolve } from 'node:path';
import { ReaderError, toWire } from '#shared/errors/index.ts';
import { build, isStale } from './build.ts';
import { chooseHost, type HostChoice, terminalFor } from './chooseHost.ts';
import { sandboxed } from './chromium/launchBrowser.ts';
import { electronProgram } from './electronProgram.ts';
import { findBrowser } from './findBrowser.ts';
import { installElectron } from './installElectron.ts';
import { runInTerminal } from './runInTerminal.ts';
import { runOnChromium } from './runOnChromium.ts';
import { runOnElectron } from './runOnElectron.ts';

/** `npm start [-- FILE]`: builds what is stale, and shows Proxima on the best host this machine has. */
const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const stop = new AbortController();

try {
  process.exitCode = await start();
} catch (thrown) {
  const { message, advice } = toWire(thrown);
  console.error(`${message} ${advice}`);
  process.exitCode = 1;
}

async function start(): Promise<number> {
  let choice = chooseHost({
    electron: electronProgram(),
    browser: findBrowser(),
    display: process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']),
    wanted: process.env['PROXIMA_HOST'],
  });
  if (choice.host === 'none') {
    const program = await installElectron((line) => console.error(line));
    choice =
      program === null ? terminalFor(choice.reason) : { host: 'electron', program, reason: 'It was fetched just now.' };
  }
  if (choice.host !== 'terminal') await buildIfStale();
  try {
    return await show(choice);
  } catch (thrown) {
    if (!(thrown instanceof ReaderError) || thrown.code !== 'host/unavailable') throw thrown;
    return show({ host: 'terminal', reason: thrown.message, advice: thrown.advice });
  }
}

async function show(choice: Exclude<HostChoice, { host: 'none' }>): Promise<number> {
  switch (choice.host) {
    case 'electron':
      console.error(`Proxima runs in Electron: ${choice.reason}${withoutSandbox()}`);
      return runOnElectron(
        choice.program,
        paths.map((path) => resolve(path)),
      );
    case 'chromium': {
      console.error(`Proxima runs in ${choice.browser}: ${choice.reason}${withoutSandbox()}`);
      const openPath = paths[0] === undefined ? null : resolve(paths[0]);
      const app = await runOnChromium({ browserPath: choice.browser, reason: choice.reason, openPath });
      if (!app) {
        console.error('Proxima runs already: its window was asked to come forward.');
        return 0;
      }
      process.once('SIGINT', () => void app.close());
      process.once('SIGTERM', () => void app.close());
      await app.closed;
      return 0;
    }
    case 'terminal':
      console.error(`Proxima answers in the terminal. ${choice.reason}\n`);
      process.once('SIGINT', () => stop.abort());
      return runInTerminal(paths[0], choice.advice, stop.signal);
    default:
      return choice satisfies never;
  }
}

async function buildIfStale(): Promise<void> {
  if (!isStale()) return;
  const startedAt = Date.now();
  console.error('Building Proxima …');
  await build();
  console.error(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.`);
}

function withoutSandbox(): string {
  return sandboxed ? '' : " Chromium's sandbox is off, because Proxima was started as root.";
}
