/** Selectors of a book's page as a whole; inside a shadow root there is no such element but ours. */
const PAGE_SELECTOR = /(^|[\s>+~,(])(?:html|body|:root)(?=[\s>+~,.:#[)]|$)/gi;

/**
 * Makes a book's styles fit a shadow root: what was said of `html` and `body` is said of the
 * leaf's own element. Imports are not followed (constructed sheets ignore them).
 * @param resource address of a part of the container, for `url(resource:PATH)`
 */
export function bookSheet(css: string, resource: (href: string) => string): CSSStyleSheet {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    css.replaceAll(/url\((["']?)resource:([^"')]+)\1\)/g, (_, __, href: string) => `url("${resource(href)}")`),
  );
  adapt(sheet.cssRules);
  return sheet;
}

function adapt(rules: CSSRuleList): void {
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule) rule.selectorText = pageSelector(rule.selectorText);
    if (rule instanceof CSSGroupingRule) adapt(rule.cssRules);
  }
}

/** `body p` becomes `.book p`; `html body` becomes `.book`. */
export function pageSelector(selector: string): string {
  return selector.replace(PAGE_SELECTOR, '$1.book').replaceAll(/\.book(?:\s*>\s*|\s+)(?=\.book(?![\w-]))/g, '');
}
