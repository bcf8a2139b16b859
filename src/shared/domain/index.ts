/** The public door of the domain: the nouns that every part of Proxima speaks in. */
export type * from './anchor.ts';
export type * from './answerEvent.ts';
export type * from './attentionMap.ts';
export type * from './book.ts';
export * from './cachePlan.ts';
export type * from './cacheReport.ts';
export type * from './fidelity.ts';
export * from './ids.ts';
export type * from './model.ts';
export type * from './passage.ts';
export type * from './scope.ts';
