import { type Caller, type CallMap, type CallOptions, RpcClient } from '../../shared/rpc/index.ts';
import type { ElectronParts, UtilityPart } from '../electronParts.ts';
import { utilityPort } from './utilityPort.ts';

export interface ChildServiceOptions {
  readonly utilityProcess: ElectronParts['utilityProcess'];
  /** What the system's process list calls it. */
  readonly name: string;
  /** The built file it runs. */
  readonly modulePath: string;
  /** Settings of its Node and V8. */
  readonly execArgv?: readonly string[];
  /** How long it may work on a call without a word before it is ended; forever when left out. */
  readonly silenceMs?: number;
  /** Told when it ended without being asked to. */
  readonly onDeath?: (code: number) => void;
}

interface Running<Calls extends CallMap<keyof Calls>> {
  readonly child: UtilityPart;
  readonly client: RpcClient<Calls>;
}

/**
 * A child process behind its calls. It is started by the first call and kept; when it dies,
 * running calls fail with `call/disconnected`, and the next call starts it anew.
 */
export class ChildService<Calls extends CallMap<keyof Calls>> implements Caller<Calls> {
  readonly #options: ChildServiceOptions;
  #running: Running<Calls> | null = null;
  #pendingCalls = 0;
  #watchdog: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ChildServiceOptions) {
    this.#options = options;
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  async call<Name extends keyof Calls & string>(
    name: Name,
    input: Calls[Name]['in'],
    options: CallOptions<Calls[Name]['progress']> = {},
  ): Promise<Calls[Name]['out']> {
    this.#running ??= this.#start();
    const { client } = this.#running;
    this.#pendingCalls += 1;
    this.#heard();
    try {
      return await client.call(name, input, options);
    } finally {
      this.#pendingCalls -= 1;
      this.#heard();
    }
  }

  /** Ends the process. A later call would start it again. */
  dispose(): void {
    const running = this.#running;
    this.#running = null;
    clearTimeout(this.#watchdog);
    running?.child.kill();
  }

  #start(): Running<Calls> {
    const { utilityProcess, name, modulePath, execArgv = [], onDeath } = this.#options;
    const child = utilityProcess.fork(modulePath, [], { serviceName: name, execArgv: [...execArgv] });
    const running = { child, client: new RpcClient<Calls>(utilityPort(child)) };
    child.on('message', () => this.#heard());
    child.on('exit', (code) => {
      if (this.#running !== running) return;
      this.#running = null;
      onDeath?.(code);
    });
    return running;
  }

  /** Starts the watch over; it only runs while somebody waits. */
  #heard(): void {
    clearTimeout(this.#watchdog);
    const { silenceMs } = this.#options;
    if (silenceMs === undefined || this.#pendingCalls === 0) return;
    this.#watchdog = setTimeout(() => this.#running?.child.kill(), silenceMs);
  }
}
