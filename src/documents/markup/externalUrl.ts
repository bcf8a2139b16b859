/** The address of a link that leaves the book, if it is of a kind a person may follow; null for all others. */
export function externalUrl(href: string): string | null {
  const url = URL.parse(href.trim());
  return url && (url.protocol === 'https:' || url.protocol === 'http:' || url.protocol === 'mailto:') ? url.href : null;
}
