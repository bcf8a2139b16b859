import type { FrameShortcut } from '#shared/contract/index.ts';
import { type Command, runCommand } from './runCommand.ts';
import type { Stores } from './stores.ts';

/** The keys of the window, in the notation of `keyName`. Shown in tooltips and in the settings. */
const commandOfKeys: Readonly<Record<string, Command>> = {
  'Ctrl+O': 'open',
  'Ctrl+F': 'find',
  'Ctrl+B': 'toggleOutline',
  'Ctrl+J': 'toggleChat',
  'Ctrl+,': 'settings',
  'Ctrl+G': 'nextHit',
  'Ctrl+Shift+G': 'previousHit',
  'Ctrl+=': 'zoomIn',
  'Ctrl++': 'zoomIn',
  'Ctrl+-': 'zoomOut',
  'Ctrl+0': 'zoomReset',
  'Alt+ArrowLeft': 'back',
  'Alt+ArrowRight': 'forward',
  Escape: 'escape',
};

/** @returns whether the keys mean something here, so that the browser's own meaning must be held back. */
export function runShortcut(stores: Stores, keys: FrameShortcut): boolean {
  const command = commandOfKeys[keyName(keys)];
  if (!command) return false;
  runCommand(stores, command);
  return true;
}

/** Names a key combination: "Ctrl+Shift+G". Shift counts only with letters, since it makes the sign otherwise. */
export function keyName({ key, ctrl, shift, alt }: FrameShortcut): string {
  const isLetter = /^[a-z]$/i.test(key);
  return [ctrl && 'Ctrl', alt && 'Alt', shift && isLetter && 'Shift', isLetter ? key.toUpperCase() : key]
    .filter(Boolean)
    .join('+');
}
