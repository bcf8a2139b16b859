/** The public door of exploration: what sharing would cost a model, and the plan that costs least. */
export { type ExploreOptions, exploreModel, type SharingWish } from './exploreModel.ts';
export type { ExploreProgress } from './exploreProgress.ts';
export type { PlanDocument, PlanMatrices, SavingStep } from './planDocument.ts';
export type { CalibrationText, ExploreSource } from './sampleModel.ts';
export { writePlanFile } from './writePlanFile.ts';
