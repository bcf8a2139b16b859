/**
 * The calls one side offers: for each name what goes in, what comes out, and what is
 * reported while it works (`never` when nothing is).
 */
export type CallMap<Names extends PropertyKey> = Record<
  Names,
  { readonly in: unknown; readonly out: unknown; readonly progress: unknown }
>;

/** What a handler is given beside its input. */
export interface CallContext<Progress> {
  /** Aborted when the caller stops waiting, or is gone. */
  readonly signal: AbortSignal;
  /**
   * Reports to the caller, in order. Resolves when the caller can take more: a handler that
   * awaits it never runs ahead of a slow listener by more than `MAX_UNREAD_REPORTS`.
   */
  readonly report: (progress: Progress) => Promise<void>;
}

/** One handler for each call; forgetting one does not compile. */
export type Handlers<Calls extends CallMap<keyof Calls>> = {
  readonly [Name in keyof Calls]: (
    input: Calls[Name]['in'],
    context: CallContext<Calls[Name]['progress']>,
  ) => Promise<Calls[Name]['out']> | Calls[Name]['out'];
};

/** How to wait for a call. */
export interface CallOptions<Progress> {
  readonly signal?: AbortSignal | undefined;
  /** Called for each report. The far side waits for it when it returns a promise. */
  readonly onProgress?: ((progress: Progress) => void | Promise<void>) | undefined;
}

/** How many reports a handler may send that its caller has not yet taken. */
export const MAX_UNREAD_REPORTS = 16;

/** What travels over a port, both ways. Numbers name calls; the caller counts them up. */
export type RpcMessage =
  | { readonly rpc: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly rpc: 'cancel'; readonly id: number }
  | { readonly rpc: 'taken'; readonly id: number }
  | { readonly rpc: 'report'; readonly id: number; readonly progress: unknown }
  | { readonly rpc: 'result'; readonly id: number; readonly output: unknown }
  | { readonly rpc: 'error'; readonly id: number; readonly error: unknown };

/** Whether a message from outside is one of ours. */
export function isRpcMessage(message: unknown): message is RpcMessage {
  return typeof message === 'object' && message !== null && 'rpc' in message && 'id' in message;
}
