/** The public door of model descriptions: what a file computes, and what that takes. */
export { architectures, isArchitecture } from './architectures/registry.ts';
export { describeModel } from './describeModel.ts';
export { estimateMemory, type MemoryEstimate } from './estimateMemory.ts';
export { type ExpectedTensor, expectedTensors } from './expectedTensors.ts';
export { MetadataReader } from './metadataReader.ts';
export type { Activation, Architecture, ModelDescription, RopeDescription } from './modelDescription.ts';
export { ropeFrequencies } from './ropeFrequencies.ts';
export { type LayerTensorNames, layerTensorNames, tensorNames } from './tensorNames.ts';
