/** Addresses that hold their bytes in themselves. */
const LOCAL_SCHEMES: ReadonlySet<string> = new Set(['blob:', 'data:']);

/**
 * Whether a request may go out at all. The app lives on its own origin and needs no network:
 * everything else is cut off below the content security policy a second time.
 */
export function decideRequest(target: string, origin: string): boolean {
  if (target.startsWith(`${origin}/`)) return true;
  if (!URL.canParse(target)) return false;
  const { protocol } = new URL(target);
  // Electron serves its own developer tools from here.
  return LOCAL_SCHEMES.has(protocol) || protocol === 'devtools:';
}
