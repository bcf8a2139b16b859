/** The public door of model files: the catalogue, what is here, how the rest is got, and what was measured. */
export type { FetchOptions, SourceProgress } from './fetchOptions.ts';
export { type FidelityFile, fidelityFileSchema, readFidelity } from './fidelityFile.ts';
export { type ModelFile, ModelStore, type ModelStoreOptions } from './modelStore.ts';
