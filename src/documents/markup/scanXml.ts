/** What a look at the tags of a document tells, before anything is built from them. */
export interface XmlScan {
  /** Greatest number of elements open at once. */
  readonly depth: number;
  /** Whether each element is closed by its own end tag, as XML demands. */
  readonly isWellFormed: boolean;
}

const NAME = /[^\s/>]*/y;

/**
 * Counts how deep a document nests, in one pass and without building it: a parser would
 * take 25 s for 200,000 nested elements (linkedom 0.18), and every walk over them could
 * exhaust the stack.
 */
export function scanXml(source: string): XmlScan {
  const open: string[] = [];
  let depth = 0;
  let isWellFormed = true;
  let at = source.indexOf('<');
  while (at >= 0) {
    const end = endOfTag(source, at);
    if (end < 0) {
      isWellFormed = false;
      break;
    }
    const next = source[at + 1]!;
    if (next === '/') {
      isWellFormed &&= open.pop() === nameAt(source, at + 2);
    } else if (next !== '!' && next !== '?' && source[end - 1] !== '/') {
      open.push(nameAt(source, at + 1));
      depth = Math.max(depth, open.length);
    }
    at = source.indexOf('<', end);
  }
  return { depth, isWellFormed: isWellFormed && open.length === 0 };
}

function nameAt(source: string, at: number): string {
  NAME.lastIndex = at;
  return NAME.exec(source)?.[0] ?? '';
}

/** Index of the `>` that ends what begins at `at`; -1 when nothing ends it. */
function endOfTag(source: string, at: number): number {
  if (source.startsWith('<!--', at)) return endAfter(source, '-->', at + 4);
  if (source.startsWith('<![CDATA[', at)) return endAfter(source, ']]>', at + 9);
  if (source.startsWith('<?', at)) return endAfter(source, '?>', at + 2);
  let quote = '';
  for (let index = at + 1; index < source.length; index++) {
    const character = source[index]!;
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return index;
  }
  return -1;
}

function endAfter(source: string, mark: string, from: number): number {
  const at = source.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length - 1;
}
