/** A place inside a container: the path of a part, and an element's id in it. */
export interface ContainerPlace {
  readonly path: string;
  readonly fragment: string | null;
}

/**
 * Resolves a reference found in one part of a container against it. Null for addresses
 * outside, and for paths that would climb out of the container.
 */
export function resolveHref(basePath: string, href: string): ContainerPlace | null {
  const trimmed = href.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(trimmed) || trimmed.startsWith('//')) return null;
  const [beforeFragment = '', fragment] = trimmed.split('#', 2);
  const reference = safeDecode(beforeFragment.split('?', 1)[0] ?? '');
  const id = fragment ? safeDecode(fragment) : null;
  if (reference === '') return { path: basePath, fragment: id };
  const segments = reference.startsWith('/') ? [] : basePath.split('/').slice(0, -1);
  for (const segment of reference.replaceAll('\\', '/').split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return { path: segments.join('/'), fragment: id };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
