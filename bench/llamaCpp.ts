import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** One position of a greedy continuation, as llama.cpp sees it. */
export interface PeerPosition {
  readonly top1: { readonly id: number; readonly logProb: number };
  readonly top2: { readonly id: number; readonly logProb: number };
}

interface PeerCalls {
  greedy: {
    /** With `forced`, those tokens are read in place of the likeliest. */
    in: { readonly ids: readonly number[]; readonly tokens: number; readonly forced?: readonly number[] };
    out: { readonly positions: PeerPosition[] };
  };
  speed: {
    in: { readonly ids: readonly number[]; readonly tokens: number };
    out: {
      readonly prefillMs: number;
      readonly decodeMs: number;
      readonly peakRssBytes: number;
    };
  };
}

/** Element types of llama.cpp's cache that are compared. */
export type PeerCacheType = 'F16' | 'F32' | 'Q8_0';

/** llama.cpp through node-llama-cpp, in a process of its own. */
export interface LlamaCpp {
  call<Name extends keyof PeerCalls>(name: Name, input: PeerCalls[Name]['in']): Promise<PeerCalls[Name]['out']>;
  close(): Promise<void>;
}

const peerFolder = new URL('./peers/', import.meta.url);

/** What to do where the peer is not installed. */
export const peerAdvice =
  'llama.cpp is not installed beside the bench. Install it with: npm install --prefix bench/peers';

export const peerIsInstalled = (): boolean => existsSync(new URL('node_modules/node-llama-cpp', peerFolder));

/**
 * Starts llama.cpp on a model file. Throws when it is not installed or cannot open the file.
 * @param cacheType the element type of its key-value cache; float16 is what it takes by itself
 */
export async function startLlamaCpp(
  modelPath: string,
  threads: number,
  contextTokens: number,
  cacheType: PeerCacheType = 'F16',
): Promise<LlamaCpp> {
  if (!peerIsInstalled()) throw new Error(peerAdvice);
  const script = new URL('llamaPeer.mjs', peerFolder).pathname;
  const child = spawn(process.execPath, [script, modelPath, String(threads), String(contextTokens), cacheType], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const reply = async (): Promise<unknown> => {
    for (;;) {
      const { done, value } = await lines.next();
      if (done) throw new Error('llama.cpp ended before it answered');
      // What the addon itself prints is no reply.
      if (!value.startsWith('{')) continue;
      const parsed = JSON.parse(value) as { error?: string };
      if (parsed.error) throw new Error(`llama.cpp: ${parsed.error}`);
      return parsed;
    }
  };
  await reply();
  return {
    async call(name, input) {
      child.stdin.write(`${JSON.stringify({ call: name, ...input })}\n`);
      return (await reply()) as never;
    },
    async close() {
      child.stdin.end();
      await new Promise<void>((resolve) => {
        if (child.exitCode !== null) resolve();
        else child.once('exit', () => resolve());
      });
    },
  };
}
