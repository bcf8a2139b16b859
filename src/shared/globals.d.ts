/**
 * What every runtime Proxima runs in has, and the language's own library does not declare.
 * Shared code may use these and nothing else of any runtime.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class URL {
  constructor(url: string, base?: string);
  readonly pathname: string;
  readonly searchParams: { get(name: string): string | null };
}

declare function structuredClone<Value>(value: Value): Value;
declare function queueMicrotask(callback: () => void): void;
