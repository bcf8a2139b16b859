/** The keys, as the settings list them. `runShortcut` holds what they do. */
export const shortcutList: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: 'Ctrl+O', does: 'Open a book' },
  { keys: 'Ctrl+F', does: 'Search in the book' },
  { keys: 'Ctrl+G', does: 'Next hit (with Shift: previous)' },
  { keys: 'Ctrl+B', does: 'Contents' },
  { keys: 'Ctrl+J', does: 'Ask' },
  { keys: 'Alt+← →', does: 'Back and forward' },
  { keys: 'Ctrl+ + − 0', does: 'Zoom' },
  { keys: 'Enter', does: 'Send the question (Shift+Enter: new line)' },
  { keys: 'Esc', does: 'Close what lies on top' },
];
