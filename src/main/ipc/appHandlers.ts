import type { AppCallName, AppCalls } from '../../shared/contract/index.ts';

/** One handler for each call of the contract; forgetting one does not compile. */
export type AppHandlers = {
  readonly [Name in AppCallName]: (
    input: AppCalls[Name]['in'],
  ) => Promise<AppCalls[Name]['out']> | AppCalls[Name]['out'];
};
