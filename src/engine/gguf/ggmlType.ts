/**
 * How ggml packs the elements of a tensor. Rows are cut into blocks of `blockElements`
 * elements which take `blockBytes` bytes each; codes are those of GGUF's `ggml_type`
 * (the GGUF specification of ggml-org/ggml, section "File Structure").
 */
export interface GgmlLayout {
  readonly code: number;
  readonly blockElements: number;
  readonly blockBytes: number;
}

const layout = (code: number, blockElements: number, blockBytes: number): GgmlLayout => ({
  code,
  blockElements,
  blockBytes,
});

/**
 * Every type a file may name. More than can be computed with: a file that holds one of the
 * others is still measured rightly and refused by name.
 */
export const ggmlLayouts = {
  F32: layout(0, 1, 4),
  F16: layout(1, 1, 2),
  Q4_0: layout(2, 32, 18),
  Q4_1: layout(3, 32, 20),
  Q5_0: layout(6, 32, 22),
  Q5_1: layout(7, 32, 24),
  Q8_0: layout(8, 32, 34),
  Q8_1: layout(9, 32, 40),
  Q2_K: layout(10, 256, 84),
  Q3_K: layout(11, 256, 110),
  Q4_K: layout(12, 256, 144),
  Q5_K: layout(13, 256, 176),
  Q6_K: layout(14, 256, 210),
  Q8_K: layout(15, 256, 292),
  IQ2_XXS: layout(16, 256, 66),
  IQ2_XS: layout(17, 256, 74),
  IQ3_XXS: layout(18, 256, 98),
  IQ1_S: layout(19, 256, 50),
  IQ4_NL: layout(20, 32, 18),
  IQ3_S: layout(21, 256, 110),
  IQ2_S: layout(22, 256, 82),
  IQ4_XS: layout(23, 256, 136),
  I8: layout(24, 1, 1),
  I16: layout(25, 1, 2),
  I32: layout(26, 1, 4),
  I64: layout(27, 1, 8),
  F64: layout(28, 1, 8),
  IQ1_M: layout(29, 256, 56),
  BF16: layout(30, 1, 2),
  TQ1_0: layout(34, 256, 54),
  TQ2_0: layout(35, 256, 66),
  MXFP4: layout(39, 32, 17),
} as const satisfies Readonly<Record<string, GgmlLayout>>;

/** The name of a tensor's element type, as llama.cpp prints it. */
export type GgmlType = keyof typeof ggmlLayouts;

const typeOfCode = new Map<number, GgmlType>(
  (Object.keys(ggmlLayouts) as GgmlType[]).map((name) => [ggmlLayouts[name].code, name]),
);

/** The type a file's code stands for; undefined when no ggml this was written against has it. */
export const ggmlTypeOf = (code: number): GgmlType | undefined => typeOfCode.get(code);

/**
 * Bytes that `elements` elements take. The caller has checked that whole blocks fit:
 * `elements` is a multiple of the type's `blockElements`.
 */
export function ggmlByteLength(type: GgmlType, elements: number): number {
  const { blockElements, blockBytes } = ggmlLayouts[type];
  return (elements / blockElements) * blockBytes;
}
