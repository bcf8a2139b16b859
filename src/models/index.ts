/** The public door of model files: the catalogue, what is here, and how the rest is got. */
export type { FetchOptions, SourceProgress } from './fetchOptions.ts';
export { type ModelFile, ModelStore, type ModelStoreOptions } from './modelStore.ts';
