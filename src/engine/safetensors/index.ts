/** The public door of safetensors files: their header, written and read. */
export { listTensors, type StoredTensor } from './listTensors.ts';
export { encodeHeader, headerBytes, LENGTH_BYTES, readMetadata } from './safetensorsHeader.ts';
