/**
 * Settings of V8 as Electron's utility process takes them: it reads them from the Chromium switch `--js-flags` and
 * passes over those that stand alone, where a child of plain Node takes only those.
 *
 * @param execArgv as Node takes them, e.g. `--max-old-space-size=2048`
 */
export const jsFlags = (execArgv: readonly string[] = []): string[] =>
  execArgv.length === 0 ? [] : [`--js-flags=${execArgv.join(' ')}`];
