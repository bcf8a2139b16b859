/**
 * A model file comes from outside, so nothing it says is believed before it is measured.
 * Each limit lies well above what real files hold, and keeps a made-up file from taking
 * memory or time. Figures of real files: Qwen2.5 has 151,936 tokens and 151,387 merges,
 * Gemma 3 has 262,144 tokens; mixture-of-experts models have some thousands of tensors.
 */

/** Header, vocabulary and tensor list together: the largest real ones stay below 20 MiB. */
export const MAX_HEADER_BYTES = 256 * 2 ** 20;

/** Metadata entries: real files have some dozens. */
export const MAX_METADATA_ENTRIES = 2 ** 16;

/** Tensors: a 61-layer mixture of experts with every expert apart would have about 50,000. */
export const MAX_TENSORS = 2 ** 17;

/** Bytes of one string: chat templates and licence texts are the longest, some 100 KiB. */
export const MAX_STRING_BYTES = 16 * 2 ** 20;

/** Elements of one array: vocabulary and merges, four times the largest known together. */
export const MAX_ARRAY_LENGTH = 2 ** 22;

/** Arrays of arrays: the format allows them, no known writer makes them. */
export const MAX_ARRAY_DEPTH = 2;

/** Bytes of a tensor's name: ggml itself allows 64. */
export const MAX_TENSOR_NAME_BYTES = 256;

/** ggml's own `GGML_MAX_DIMS`. */
export const MAX_DIMENSIONS = 4;

/** Elements of a tensor in one dimension; the largest real one is a vocabulary. */
export const MAX_DIMENSION = 2 ** 32;

/** Writers align tensor data to 32 bytes; a page is the most that makes sense. */
export const MAX_ALIGNMENT = 2 ** 16;

/**
 * Bytes that one read may ask for. Electron's allocator stops the whole process on single
 * allocations near 1 GiB, so larger tensors are read by rows.
 */
export const MAX_READ_BYTES = 512 * 2 ** 20;
