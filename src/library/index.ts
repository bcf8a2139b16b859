/** The public door of the library: what Proxima remembers, in one SQLite file. */
export { type DataFolders, dataFolders } from './dataFolders.ts';
export { Library } from './library.ts';
export { openLibrary } from './openLibrary.ts';
export type { IndexedPassage, PassageMatch, PassageStore } from './passageStore.ts';
