/** The public door of the reference pass: the plain decoder that graphs must agree with. */
export type { Linear } from './linear.ts';
export { type ReferenceOptions, type ReferenceResult, referenceForward } from './referenceForward.ts';
export type { Rows } from './rows.ts';
