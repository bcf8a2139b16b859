/** The public door of adapters: low-rank updates that a plan wants merged into the weights of attention. */

export { adaptedWeights } from './adaptedWeights.ts';
export type { Adapter, LowRankUpdate } from './adapter.ts';
export { type OpenedPlan, openPlanFile } from './openPlanFile.ts';
export { readAdapterFile } from './readAdapterFile.ts';
