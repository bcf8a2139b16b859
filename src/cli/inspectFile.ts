import { resolve } from 'node:path';
import { openGguf } from '#engine/gguf/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { leafIndex } from '#shared/domain/index.ts';
import { ReaderError } from '#shared/errors/index.ts';
import { showExtraction } from './askFile.ts';
import { formatBytes, formatCount } from './formatSizes.ts';
import { modelName } from './loadModel.ts';
import { openServices, type Services } from './services.ts';
import type { Terminal } from './terminal.ts';

export interface InspectOptions {
  readonly model: string;
  readonly json?: boolean | undefined;
}

/** What `inspect` tells of a file. */
interface Inspection {
  readonly title: string;
  readonly author: string | null;
  readonly language: string | null;
  readonly format: string;
  readonly fileBytes: number;
  /** Pages of a PDF; null for formats without pages. */
  readonly pages: number | null;
  readonly leaves: number;
  readonly sections: number;
  readonly outlineEntries: number;
  /** Parts that hold no text: scans, pictures, blank pages. */
  readonly leavesWithoutText: number;
  readonly characters: number;
  /** By the tokenizer of the model; null when the model is not on this machine. */
  readonly tokens: number | null;
}

/** Tells the size of a document: pages or sections, outline entries, characters and tokens. */
export async function inspectFile(
  file: string,
  options: InspectOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  await using services = await openServices();
  const { info } = await services.shelf.open(resolve(file), { signal });
  await showExtraction(services, info.id, terminal, signal);
  const leaves = services.library.texts.range(info.id, leafIndex(0), leafIndex(info.leaves.length));
  const texts = leaves.map(({ text }) => text);
  const found: Inspection = {
    title: info.title,
    author: info.author,
    language: info.language,
    format: info.format,
    fileBytes: info.fileBytes,
    pages: info.format === 'pdf' ? info.leaves.length : null,
    leaves: info.leaves.length,
    sections: info.sections.length,
    outlineEntries: info.outline.length,
    leavesWithoutText: texts.filter((text) => text.trim() === '').length,
    characters: texts.reduce((sum, text) => sum + text.length, 0),
    tokens: await countTokens(services, options.model, texts, terminal),
  };
  terminal.out.write(options.json ? `${JSON.stringify(found)}\n` : describe(found));
  return 0;
}

/** Only the vocabulary of the model is read, so this is quick for a model of any size. */
async function countTokens(
  services: Pick<Services, 'models'>,
  model: string,
  texts: readonly string[],
  terminal: Terminal,
): Promise<number | null> {
  try {
    const gguf = await openGguf(services.models.find(modelName(services, model)).path);
    try {
      const tokenizer = new Tokenizer(gguf);
      return texts.reduce((sum, text) => sum + tokenizer.encode(text, 'plain').length, 0);
    } finally {
      gguf.close();
    }
  } catch (thrown) {
    if (!(thrown instanceof ReaderError) || thrown.code !== 'model/notFound') throw thrown;
    terminal.err.write(`Tokens are not counted. ${thrown.message} ${thrown.advice}\n`);
    return null;
  }
}

function describe(found: Inspection): string {
  const unread = found.leavesWithoutText === 0 ? '' : ` (${formatCount(found.leavesWithoutText)} without text)`;
  const rows: readonly (readonly [string, string])[] = [
    ['Title', found.title],
    ['Author', found.author ?? 'not stated'],
    ['Format', `${found.format}, ${formatBytes(found.fileBytes)}`],
    found.pages === null ? ['Parts', formatCount(found.leaves) + unread] : ['Pages', formatCount(found.pages) + unread],
    ['Sections', formatCount(found.sections)],
    ['Outline', `${formatCount(found.outlineEntries)} entries`],
    ['Characters', formatCount(found.characters)],
    ['Tokens', found.tokens === null ? 'not counted' : formatCount(found.tokens)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(11)}${value}\n`).join('');
}
