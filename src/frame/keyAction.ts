import type { FrameShortcut } from '#shared/contract/index.ts';

/** What a key means while the book has the focus. Null: what the browser makes of it (scrolling, copying). */
export type KeyAction =
  | { readonly do: 'zoom'; readonly to: 1 | 'in' | 'out' }
  | { readonly do: 'turn'; readonly leaves: 1 | -1 }
  | { readonly do: 'tell'; readonly shortcut: FrameShortcut };

/** The parts of a `KeyboardEvent` that decide. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Letters that are the app's with Ctrl or Command: open, find, outline, chat, commands, settings, palette. */
const APP_LETTERS = new Set(['o', 'f', 'b', 'j', 'k', 'l', 'p', 'g', 'w', ',']);

/**
 * Decides what a key does. The frame keeps what is about the page; what is about the app is
 * told to the window, which cannot hear keys pressed here.
 * @param sideways whether the book can be scrolled sideways, which the arrows then do
 */
export function keyAction(pressed: PressedKey, direction: 'ltr' | 'rtl', sideways: boolean): KeyAction | null {
  const { key, shiftKey, altKey } = pressed;
  const ctrl = pressed.ctrlKey || pressed.metaKey;
  const tell: KeyAction = { do: 'tell', shortcut: { key, ctrl, shift: shiftKey, alt: altKey } };
  if (ctrl && !altKey) {
    if (key === '+' || key === '=') return { do: 'zoom', to: 'in' };
    if (key === '-' || key === '_') return { do: 'zoom', to: 'out' };
    if (key === '0') return { do: 'zoom', to: 1 };
    return APP_LETTERS.has(key.toLowerCase()) ? tell : null;
  }
  if (altKey) return key === 'ArrowLeft' || key === 'ArrowRight' ? tell : null;
  if (key === 'Escape' || key === 'F3' || key === 'F6') return tell;
  if (key === '/' || key === '?') return tell;
  if ((key === 'ArrowLeft' || key === 'ArrowRight') && !shiftKey && !sideways) {
    const onwards = (key === 'ArrowRight') === (direction === 'ltr');
    return { do: 'turn', leaves: onwards ? 1 : -1 };
  }
  return null;
}
