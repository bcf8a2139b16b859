import { type BookInfo, type Leaf, leafIndex, type OutlineEntry, type TextPosition } from '#shared/domain/index.ts';
import { DocumentError } from '#shared/errors/index.ts';
import type { BookFile } from '../bookFile.ts';
import { buildSections } from '../buildSections.ts';
import { parseContent, parseXml } from '../markup/parseMarkup.ts';
import { readContent } from './contentDocument.ts';
import { EpubBook } from './epubBook.ts';
import { EpubContainer } from './epubContainer.ts';
import { type NavigationEntry, readNav, readNcx } from './navigation.ts';
import type { ContainerPlace } from './resolveHref.ts';

/**
 * Opens an EPUB. Reads its package and table of contents; of its text only the documents
 * that the contents lead into the middle of.
 * @throws {DocumentError} `document/unknownFormat`, `document/damaged`, `document/tooLarge`, `document/protected`
 */
export async function openEpub(file: BookFile): Promise<EpubBook> {
  const container = await EpubContainer.open(file.path);
  try {
    return new EpubBook(await describe(container, file), container);
  } catch (thrown) {
    container.close();
    throw thrown;
  }
}

async function describe(container: EpubContainer, file: BookFile): Promise<BookInfo> {
  const { title, author, language, direction, spine } = container.package;
  const navigation = await readNavigation(container);
  const targets = new TargetFinder(container);
  const outline: OutlineEntry[] = [];
  for (const entry of navigation) {
    outline.push({ title: entry.title, depth: entry.depth, target: entry.place && (await targets.find(entry.place)) });
  }
  const leaves = spine.map((_, index): Leaf => ({ index: leafIndex(index), label: labelOf(outline, index) }));
  return {
    id: file.id,
    format: 'epub',
    title: title ?? file.name,
    author,
    language,
    direction,
    fileBytes: file.fileBytes,
    leaves,
    outline,
    sections: buildSections(leaves, outline, 1),
  };
}

/** EPUB 3's navigation document, else EPUB 2's NCX; a broken one does not cost the book. */
async function readNavigation(container: EpubContainer): Promise<NavigationEntry[]> {
  const { nav, ncx } = container.package;
  for (const [item, isNav] of [[nav, true] as const, [ncx, false] as const]) {
    if (!item) continue;
    try {
      const bytes = await container.read(item.path);
      if (!bytes) continue;
      const entries = isNav
        ? readNav(parseContent(bytes, item.path), item.path)
        : readNcx(parseXml(bytes, item.path), item.path);
      if (entries.length > 0) return entries;
    } catch (thrown) {
      if (!(thrown instanceof DocumentError)) throw thrown;
    }
  }
  return [];
}

/** What people call a leaf: the first entry of the contents that leads into it. */
function labelOf(outline: readonly OutlineEntry[], leaf: number): string {
  return outline.find(({ target }) => target?.leaf === leaf)?.title ?? `Part ${leaf + 1}`;
}

/** Finds the text offsets the contents lead to; each document is parsed once, and only if it must be. */
class TargetFinder {
  readonly #container: EpubContainer;
  readonly #leafOfPath = new Map<string, number>();
  readonly #ids = new Map<string, ReadonlyMap<string, number>>();

  constructor(container: EpubContainer) {
    this.#container = container;
    for (const [leaf, { item }] of container.package.spine.entries()) {
      if (!this.#leafOfPath.has(item.path)) this.#leafOfPath.set(item.path, leaf);
    }
  }

  async find({ path, fragment }: ContainerPlace): Promise<TextPosition | null> {
    const leaf = this.#leafOfPath.get(path);
    if (leaf === undefined) return null;
    const offset = fragment === null ? 0 : ((await this.#idsOf(path)).get(fragment) ?? 0);
    return { leaf: leafIndex(leaf), offset };
  }

  async #idsOf(path: string): Promise<ReadonlyMap<string, number>> {
    const kept = this.#ids.get(path);
    if (kept) return kept;
    const ids = await this.#container
      .read(path)
      .then((bytes) => (bytes ? readContent(bytes, path).offsetOfId : new Map<string, number>()))
      .catch(() => new Map<string, number>());
    this.#ids.set(path, ids);
    return ids;
  }
}
