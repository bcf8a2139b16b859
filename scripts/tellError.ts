import { ReaderError } from '../src/shared/errors/index.ts';

/** Prints why a command failed: what a person can mend in a sentence or two, anything else with all there is to tell. */
export function tellError(error: unknown): void {
  if (error instanceof ReaderError) console.error(`${error.message} ${error.advice}`);
  else console.error(error instanceof Error && error.constructor === Error ? error.message : error);
}
