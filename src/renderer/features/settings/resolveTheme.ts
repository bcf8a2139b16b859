import type { AppSettings, FrameAppearance } from '#shared/contract/index.ts';

/** The theme to paint, where `system` follows the operating system. */
export function resolveTheme(theme: AppSettings['theme'], systemDark: boolean): FrameAppearance['theme'] {
  if (theme === 'system') return systemDark ? 'dark' : 'light';
  return theme;
}
