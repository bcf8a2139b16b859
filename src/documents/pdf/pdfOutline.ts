import type { PDFDocumentProxy } from 'pdfjs-dist';
import { leafIndex, type OutlineEntry, type TextPosition } from '#shared/domain/index.ts';

/** Beyond these an outline helps nobody, and a hostile one would fill the memory. */
const MAX_ENTRIES = 50_000;
const MAX_DEPTH = 32;

type Node = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>[number];
interface FlatNode {
  readonly node: Node;
  readonly depth: number;
}

/**
 * The outline of a PDF as a flat list, each entry with the page it leads to. Entries lead
 * to the top of their page: where on the page they stand is not known before its text is read.
 */
export async function pdfOutline(pdf: PDFDocumentProxy): Promise<OutlineEntry[]> {
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- pdf.js gives null without an outline; its types do not say so
  const nodes = flatten((await pdf.getOutline()) ?? []);
  return Promise.all(
    nodes.map(async ({ node, depth }) => ({
      title: node.title.replace(/\s+/g, ' ').trim() || 'Untitled',
      depth,
      target: await targetOf(pdf, node.dest),
    })),
  );
}

function flatten(roots: readonly Node[]): FlatNode[] {
  const flat: FlatNode[] = [];
  const visit = (nodes: readonly Node[], depth: number): void => {
    for (const node of nodes) {
      if (flat.length >= MAX_ENTRIES) return;
      flat.push({ node, depth });
      if (depth + 1 < MAX_DEPTH) visit(node.items as readonly Node[], depth + 1);
    }
  };
  visit(roots, 0);
  return flat;
}

/** Null for a link that leads nowhere, which is common and no reason to refuse the book. */
async function targetOf(pdf: PDFDocumentProxy, dest: Node['dest']): Promise<TextPosition | null> {
  try {
    // One name at a time: R's reference manual has 18,450 destinations and uses 1,425 of them.
    const explicit = typeof dest === 'string' ? await pdf.getDestination(dest) : dest;
    const page: unknown = explicit?.[0];
    const index = typeof page === 'number' ? page : isRef(page) ? await pdf.getPageIndex(page) : -1;
    return index >= 0 && index < pdf.numPages ? { leaf: leafIndex(index), offset: 0 } : null;
  } catch {
    return null;
  }
}

function isRef(value: unknown): value is { num: number; gen: number } {
  return typeof value === 'object' && value !== null && 'num' in value && 'gen' in value;
}
