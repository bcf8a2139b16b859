import type { BookInfo, TextPosition, TextSpan } from '../domain/index.ts';
import type { WireError } from '../errors/index.ts';

/** How the book frame paints. */
export interface FrameAppearance {
  readonly theme: 'light' | 'dark';
  readonly textSizePx: number;
}

/** A stretch of text to paint over. */
export interface FrameMark {
  readonly span: TextSpan;
  /** `evidence` and `search` differ in colour and pattern; `current` is the one just jumped to. */
  readonly kind: 'evidence' | 'search' | 'current';
}

/** What a book frame offers to the window, over a message channel. */
export interface FrameCalls {
  /** Shows a book; resolves when the first leaf is painted. */
  show: {
    in: {
      readonly info: BookInfo;
      readonly origin: string;
      readonly position: TextPosition | null;
      readonly appearance: FrameAppearance;
      /** Of a protected file; a wrong or missing one is refused with `document/encrypted`. */
      readonly password?: string;
    };
    out: { readonly firstPaintMs: number; readonly workerIsReal: boolean };
    progress: never;
  };
  /** Scrolls so that the place is in view; resolves when it is painted. */
  goTo: { in: TextPosition; out: null; progress: never };
  /** Replaces all marks. Marks of leaves that are not laid out yet appear when they are. */
  mark: { in: { readonly marks: readonly FrameMark[] }; out: null; progress: never };
  appearance: { in: FrameAppearance; out: null; progress: never };
  /** 1 is the page's own size; `width` fits the page to the frame. */
  zoom: { in: { readonly to: number | 'width' | 'in' | 'out' }; out: { readonly scale: number }; progress: never };
  /** Answers at once: how the window notices a frame that hangs. */
  ping: { in: null; out: null; progress: never };
}

/** A key combination as `KeyboardEvent` gives it: Ctrl+O, Ctrl+F, Ctrl+B, Ctrl+J, Ctrl+K, Ctrl+comma, Alt+Left, Alt+Right, Escape. */
export interface FrameShortcut {
  readonly key: string;
  /** Ctrl, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** What a book frame tells the window unasked. */
export type FrameEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'position'; readonly position: TextPosition; readonly leafLabel: string }
  | { readonly type: 'selection'; readonly span: TextSpan | null; readonly text: string }
  /** A link inside the book. Links that leave it are reported, never followed. */
  | { readonly type: 'link'; readonly target: TextPosition }
  | { readonly type: 'externalLink'; readonly url: string }
  /** The scale changed by the reader's hand (Ctrl and wheel, Ctrl and plus) or because the frame got another width. */
  | { readonly type: 'scale'; readonly scale: number }
  /** Keys that mean something to the app, pressed while the book has the focus: the frame does nothing with them. */
  | { readonly type: 'shortcut'; readonly shortcut: FrameShortcut }
  | { readonly type: 'failed'; readonly error: WireError };
