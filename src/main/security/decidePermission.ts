/** What a reader of books needs of a browser: copying text, and filling the screen. */
const GRANTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

/**
 * Whether a page may use a feature that Chromium guards by a permission. Electron grants
 * everything when nobody decides (Electron's security checklist, 5), so all else is refused here.
 */
export function decidePermission(permission: string): boolean {
  return GRANTED.has(permission);
}
