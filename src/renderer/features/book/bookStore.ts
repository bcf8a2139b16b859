import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  FrameAppearance,
  FrameCalls,
  FrameEvent,
  FrameMark,
  FrameShortcut,
  OpenedBook,
} from '#shared/contract/index.ts';
import type { TextPosition, TextSpan } from '#shared/domain/index.ts';
import type { Bridge } from '../../bridge/bridge.ts';
import type { FrameLink } from '../../bridge/frameLink.ts';
import { type ReaderError, toReaderError } from '../../bridge/toReaderError.ts';
import type { HistoryStore } from './historyStore.ts';
import type { PositionStore } from './positionStore.ts';

/** Text the person has marked in the book. */
export interface Selection {
  readonly span: TextSpan;
  readonly text: string;
}

export interface BookState {
  readonly book: OpenedBook | null;
  readonly frame: 'none' | 'loading' | 'shown' | 'failed';
  readonly frameError: ReaderError | null;
  /** Counts up to make a new frame in place of a lost one. */
  readonly frameGeneration: number;
  readonly scale: number | null;
  readonly selection: Selection | null;
  /** An address the book points to outside of itself: shown, never followed. */
  readonly externalLink: string | null;
  /** @param password of a protected file: the frame reads the file anew and needs it too. */
  open(book: OpenedBook, password?: string): void;
  close(): Promise<void>;
  /** A frame has loaded and its port is at hand. */
  attach(link: FrameLink): void;
  frameEvent(event: FrameEvent): void;
  frameLost(error: ReaderError): void;
  reloadFrame(): void;
  /** Goes to a place, notes where it came from, and marks `marks` there. */
  jump(target: TextPosition, marks?: readonly FrameMark[]): void;
  goBack(): void;
  goForward(): void;
  mark(marks: readonly FrameMark[]): void;
  zoom(to: FrameCalls['zoom']['in']['to']): Promise<void>;
  setAppearance(appearance: FrameAppearance): void;
  dismissLink(): void;
}

export type BookStore = StoreApi<BookState>;

export interface BookStoreOptions {
  readonly origin: string;
  readonly appearance: FrameAppearance;
  readonly position: PositionStore;
  readonly history: HistoryStore;
  /** Keys pressed while the book has the focus. */
  readonly onShortcut: (shortcut: FrameShortcut) => void;
}

/** The open book and the frame that shows it. The place in it has a store of its own. */
export function createBookStore(bridge: Bridge, options: BookStoreOptions): BookStore {
  const { position, history } = options;
  let link: FrameLink | null = null;
  let appearance = options.appearance;
  let marks: readonly FrameMark[] = [];
  let password: string | undefined;

  return createStore<BookState>()((set, get) => {
    const release = (): void => {
      link?.dispose();
      link = null;
    };
    const fail = (thrown: unknown): void => {
      const error = toReaderError(thrown);
      if (error.code === 'call/cancelled') return;
      set({ frame: 'failed', frameError: error });
    };
    /** Sends to the frame when there is one; a frame that is lost has its own report. */
    const send = <Name extends keyof FrameCalls>(name: Name, input: FrameCalls[Name]['in']): void => {
      link?.call(name, input).catch(() => undefined);
    };
    const show = async (): Promise<void> => {
      const { book } = get();
      if (!book || !link) return;
      const shownBy = link;
      try {
        const place = position.getState().position ?? book.position;
        await link.call('show', {
          info: book.info,
          origin: options.origin,
          position: place,
          appearance,
          ...(password === undefined ? {} : { password }),
        });
        if (link !== shownBy) return;
        set({ frame: 'shown', frameError: null });
        if (marks.length > 0) send('mark', { marks });
      } catch (thrown) {
        if (link === shownBy) fail(thrown);
      }
    };
    const goTo = (target: TextPosition): void => send('goTo', target);

    return {
      book: null,
      frame: 'none',
      frameError: null,
      frameGeneration: 0,
      scale: null,
      selection: null,
      externalLink: null,
      open(book, nextPassword) {
        release();
        password = nextPassword;
        marks = [];
        history.getState().clear();
        position.getState().follow(book.info.id, book.position);
        set({
          book,
          frame: 'loading',
          frameError: null,
          frameGeneration: get().frameGeneration + 1,
          scale: null,
          selection: null,
          externalLink: null,
        });
      },
      async close() {
        const { book } = get();
        position.getState().follow(null, null);
        release();
        set({ book: null, frame: 'none', frameError: null, selection: null, externalLink: null });
        if (book) await bridge.call('books.close', { book: book.info.id }).catch(() => null);
      },
      attach(next) {
        release();
        link = next;
        set({ frame: 'loading', frameError: null });
      },
      frameEvent(event) {
        switch (event.type) {
          case 'ready':
            void show();
            break;
          case 'position':
            position.getState().moved(event.position, event.leafLabel);
            break;
          case 'selection':
            set({ selection: event.span ? { span: event.span, text: event.text } : null });
            break;
          case 'link':
            get().jump(event.target);
            break;
          case 'externalLink':
            set({ externalLink: event.url });
            break;
          case 'scale':
            set({ scale: event.scale });
            break;
          case 'shortcut':
            options.onShortcut(event.shortcut);
            break;
          case 'failed':
            fail(toReaderError(event.error));
            break;
          default:
            event satisfies never;
        }
      },
      frameLost(error) {
        release();
        set({ frame: 'failed', frameError: error });
      },
      reloadFrame() {
        release();
        set({ frame: 'loading', frameError: null, frameGeneration: get().frameGeneration + 1 });
      },
      jump(target, marksThere) {
        history.getState().push(position.getState().position);
        if (marksThere) get().mark(marksThere);
        goTo(target);
      },
      goBack() {
        const target = history.getState().stepBack(position.getState().position);
        if (target) goTo(target);
      },
      goForward() {
        const target = history.getState().stepForward(position.getState().position);
        if (target) goTo(target);
      },
      mark(next) {
        marks = next;
        send('mark', { marks: next });
      },
      async zoom(to) {
        try {
          const answer = await link?.call('zoom', { to });
          if (answer) set({ scale: answer.scale });
        } catch {
          // The frame's own failure is reported by the link.
        }
      },
      setAppearance(next) {
        appearance = next;
        send('appearance', next);
      },
      dismissLink: () => set({ externalLink: null }),
    };
  });
}
