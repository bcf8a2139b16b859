/** The public door of caches: plans, what they cost, and the stores that follow them. */
export { checkPlan } from './checkPlan.ts';
export { distantKeysDropped } from './distantKeysDropped.ts';
export { chunkEnd, distantRange, hasDistant, keepsDistant, packedNearRange, type TokenRange } from './distantRange.ts';
export { makePlan } from './makePlan.ts';
export { peakBytes, planBytes } from './planBytes.ts';
export type { CachePolicy, PlanOptions } from './policies/policy.ts';
export { policies } from './policies/registry.ts';
export { type PlanFile, readPlanFile } from './readPlanFile.ts';
export { SequenceCache } from './sequenceCache.ts';
export { isSliding } from './slidingLayers.ts';
