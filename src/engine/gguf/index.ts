/** The public door of model files: header, tensors on demand, and their values as float32. */
export { type ComputableType, computableTypes, dequantize, isComputable } from './dequantize/dequantize.ts';
export { float16Value, readFloat16 } from './dequantize/float16.ts';
export { unpackSuperBlockScales } from './dequantize/superBlockScales.ts';
export { type GgmlLayout, type GgmlType, ggmlByteLength, ggmlLayouts } from './ggmlType.ts';
export type { GgufFile, GgufTensor, GgufValue } from './ggufFile.ts';
export { openGguf } from './openGguf.ts';
export { sampledModelDigest } from './sampledModelDigest.ts';
export type { WeightSource, WeightTensor } from './weightSource.ts';
