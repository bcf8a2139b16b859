import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** What a second start hands to the first. */
export interface SecondStart {
  readonly commandLine: string[];
  readonly workingDirectory: string;
}

export interface SingleInstance {
  readonly isOnly: boolean;
  /** Hears of later starts. */
  onSecondStart(listener: (start: SecondStart) => void): void;
  release(): void;
}

/** Longest path of a Unix socket on every system, with its end. */
const MAX_SOCKET_PATH = 103;

/**
 * Makes sure that only one Proxima works on a data folder, by a socket inside it: a second
 * start hands its command line over and ends. Electron does the same with its own lock.
 */
export async function singleInstance(dataFolder: string, own: SecondStart): Promise<SingleInstance> {
  mkdirSync(dataFolder, { recursive: true });
  const address = socketAddress(dataFolder);
  if (await handOver(address, own)) return { isOnly: false, onSecondStart: () => undefined, release: () => undefined };
  let listener: ((start: SecondStart) => void) | null = null;
  // Nobody listens there, so what lies there is left over from a Proxima that was killed.
  if (process.platform !== 'win32') rmSync(address, { force: true });
  const server = await listen(address, (start) => listener?.(start));
  return {
    isOnly: true,
    onSecondStart: (heard) => {
      listener = heard;
    },
    release: () => server.close(),
  };
}

function socketAddress(dataFolder: string): string {
  const digest = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\proxima-${digest}`;
  const path = join(dataFolder, 'instance.sock');
  return path.length <= MAX_SOCKET_PATH ? path : join('/tmp', `proxima-${process.getuid?.() ?? 0}-${digest}.sock`);
}

function handOver(address: string, start: SecondStart): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.end(JSON.stringify(start)));
    socket.once('close', (failed) => resolve(!failed));
  });
}

function listen(address: string, heard: (start: SecondStart) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (part: string) => {
        text += part;
      });
      socket.on('error', () => socket.destroy());
      socket.on('end', () => {
        const start = readStart(text);
        if (start) heard(start);
      });
    });
    server.once('error', reject);
    server.listen(address, () => resolve(server.unref()));
  });
}

function readStart(text: string): SecondStart | null {
  try {
    const { commandLine, workingDirectory } = JSON.parse(text) as Partial<SecondStart>;
    return Array.isArray(commandLine) && typeof workingDirectory === 'string'
      ? { commandLine, workingDirectory }
      : null;
  } catch {
    return null;
  }
}
