import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChatId, ReadingAmount, Scope, ScopeEstimate } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';
import type { BookStore, Selection } from '../book/bookStore.ts';
import type { PositionStore } from '../book/positionStore.ts';
import type { AnswerStore } from './answerStore.ts';
import { type ScopeKind, scopeOf } from './scopes.ts';
import { type Turn, turnOfChat } from './turn.ts';

/** Turning pages fast must not count tokens for each of them. */
export const ESTIMATE_DELAY_MS = 250;

export interface AskState {
  readonly turns: readonly Turn[];
  readonly restoring: boolean;
  readonly draft: string;
  readonly scopeKind: ScopeKind;
  /** How much of a whole book is read. */
  readonly amount: ReadingAmount;
  /** The passage a selection scope means; kept when a click into the question field clears the selection itself. */
  readonly selection: Selection | null;
  readonly estimate: ScopeEstimate | null;
  readonly estimateError: ReaderError | null;
  readonly error: ReaderError | null;
  /** Takes the open book over: restores its turns and measures the scope. */
  follow(): Promise<void>;
  setDraft(draft: string): void;
  setScope(kind: ScopeKind): void;
  setAmount(amount: ReadingAmount): void;
  select(selection: Selection | null): void;
  /** Measures the scope soon; calls in quick succession measure once. @param delayMs defaults to `ESTIMATE_DELAY_MS` */
  estimateSoon(delayMs?: number): void;
  /** Asks the draft, or a question again in its own scope. The draft stays until the question is taken. */
  ask(again?: { readonly question: string; readonly scope: Scope }): Promise<void>;
  stop(): Promise<void>;
  ended(turn: Turn): void;
  clear(): Promise<void>;
  dismissError(): void;
}

export type AskStore = StoreApi<AskState>;

export interface AskStoreOptions {
  readonly book: BookStore;
  readonly position: PositionStore;
  readonly answer: AnswerStore;
}

/** The conversation about the open book. The answer that streams in has a store of its own. */
export function createAskStore(bridge: Bridge, { book, position, answer }: AskStoreOptions): AskStore {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let chat: ChatId | null = null;
  let latestEstimate = 0;

  return createStore<AskState>()((set, get) => {
    const scopeNow = (): Scope | null => {
      const open = book.getState().book;
      const { scopeKind, selection } = get();
      return open && scopeOf(scopeKind, open.info, position.getState().position, selection?.span ?? null);
    };
    const estimate = async (): Promise<void> => {
      const open = book.getState().book;
      const scope = scopeNow();
      const ticket = ++latestEstimate;
      if (!open || !scope) return;
      try {
        const measured = await bridge.call('ask.estimate', { book: open.info.id, scope, amount: get().amount });
        if (ticket === latestEstimate) set({ estimate: measured, estimateError: null });
      } catch (thrown) {
        if (ticket === latestEstimate) set({ estimate: null, estimateError: toReaderError(thrown) });
      }
    };
    return {
      turns: [],
      restoring: false,
      draft: '',
      scopeKind: 'chapter',
      amount: 'brief',
      selection: null,
      estimate: null,
      estimateError: null,
      error: null,
      async follow() {
        const open = book.getState().book;
        // An answer belongs to its book: leaving that one stops it.
        if (answer.getState().phase !== 'idle') {
          void get().stop();
          answer.getState().abandon();
        }
        chat = null;
        latestEstimate += 1;
        set({
          turns: [],
          restoring: open !== null,
          selection: null,
          estimate: null,
          error: null,
          scopeKind: 'chapter',
        });
        if (!open) return;
        get().estimateSoon();
        try {
          const turns = await bridge.call('chats.turns', { book: open.info.id });
          if (book.getState().book === open) set({ turns: turns.map(turnOfChat), restoring: false });
        } catch (thrown) {
          if (book.getState().book === open) set({ restoring: false, error: toReaderError(thrown) });
        }
      },
      setDraft: (draft) => set({ draft }),
      setScope(scopeKind) {
        set({ scopeKind, estimate: null });
        get().estimateSoon();
      },
      setAmount(amount) {
        set({ amount, estimate: null });
        get().estimateSoon();
      },
      select(selection) {
        const chosen = get().scopeKind === 'selection';
        if (!selection && chosen) return;
        set({ selection });
        if (chosen) get().estimateSoon();
      },
      estimateSoon(delayMs = ESTIMATE_DELAY_MS) {
        // A timer that runs is left to run: put off again and again, a steady stream of reasons would never measure.
        timer ??= setTimeout(() => {
          timer = null;
          void estimate();
        }, delayMs);
      },
      async ask(again) {
        const open = book.getState().book;
        const question = (again?.question ?? get().draft).trim();
        const scope = again?.scope ?? scopeNow();
        if (!open || !scope || question === '' || answer.getState().phase !== 'idle') return;
        set({ error: null });
        answer.getState().begin(question, scope);
        try {
          const started = await bridge.call('ask.start', {
            book: open.info.id,
            chat,
            question,
            scope,
            amount: get().amount,
          });
          chat = started.chat;
          if (!again) set({ draft: '' });
          answer.getState().follow(started.answerId);
          if (answer.getState().stopping) await get().stop();
        } catch (thrown) {
          answer.getState().abandon();
          // A question asked again is put into the empty field, so that it is not lost either.
          set({ error: toReaderError(thrown), draft: get().draft === '' ? question : get().draft });
        }
      },
      async stop() {
        answer.getState().setStopping();
        const { answerId } = answer.getState();
        // Before the main process has named the answer there is nothing to stop yet: `ask` does it then.
        if (!answerId) return;
        await bridge.call('ask.stop', { answerId }).catch((thrown: unknown) => set({ error: toReaderError(thrown) }));
      },
      ended: (turn) => set({ turns: [...get().turns, turn] }),
      async clear() {
        const open = book.getState().book;
        if (!open) return;
        const before = get().turns;
        set({ turns: [] });
        chat = null;
        try {
          await bridge.call('chats.clear', { book: open.info.id });
        } catch (thrown) {
          set({ turns: before, error: toReaderError(thrown) });
        }
      },
      dismissError: () => set({ error: null }),
    };
  });
}
