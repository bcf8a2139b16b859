import { describe, expect, it } from 'vitest';
import { keyAction, type PressedKey } from '../../../src/frame/keyAction.ts';

const press = (key: string, held: Partial<PressedKey> = {}): PressedKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('keyAction', () => {
  it.each([
    ['+', 'in'],
    ['=', 'in'],
    ['-', 'out'],
    ['0', 1],
  ])('zooms on Ctrl and %s', (key, to) => {
    expect(keyAction(press(key, { ctrlKey: true }), 'ltr', false)).toEqual({ do: 'zoom', to });
  });

  it('takes Command for Ctrl', () => {
    expect(keyAction(press('f', { metaKey: true }), 'ltr', false)).toMatchObject({
      do: 'tell',
      shortcut: { ctrl: true },
    });
  });

  it.each([
    press('o', { ctrlKey: true }),
    press('F', { ctrlKey: true, shiftKey: true }),
    press('ArrowLeft', { altKey: true }),
    press('Escape'),
  ])('tells the window of $key', (pressed) => {
    expect(keyAction(pressed, 'ltr', false)?.do).toBe('tell');
  });

  it.each([press('c', { ctrlKey: true }), press('a', { ctrlKey: true }), press('PageDown'), press(' '), press('x')])(
    'leaves "$key" to the browser',
    (pressed) => {
      expect(keyAction(pressed, 'ltr', false)).toBeNull();
    },
  );

  it('turns pages with the arrows in the direction of the book', () => {
    expect(keyAction(press('ArrowRight'), 'ltr', false)).toEqual({ do: 'turn', leaves: 1 });
    expect(keyAction(press('ArrowRight'), 'rtl', false)).toEqual({ do: 'turn', leaves: -1 });
  });

  it('leaves the arrows to scrolling where the page is wider than the window, and to selecting', () => {
    expect(keyAction(press('ArrowRight'), 'ltr', true)).toBeNull();
    expect(keyAction(press('ArrowRight', { shiftKey: true }), 'ltr', false)).toBeNull();
  });
});
