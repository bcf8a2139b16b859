/** How a text is cut into words before byte pairs are merged inside each. */
export interface PreTokenizer {
  /** Applied one after another; each cuts the pieces of the one before at its matches. */
  readonly patterns: readonly string[];
  /** A word that is in the vocabulary as a whole is taken without merging. @default false */
  readonly ignoreMerges?: boolean;
  /** Whether texts begin with the begin token where the file does not say. @default false */
  readonly addBos?: boolean;
}

const contractions = "'s|'t|'re|'ve|'m|'ll|'d";
const anyCaseContractions = "'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]";
const words = String.raw`${contractions}| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)`;
const modernWords = (numbers: string): string =>
  String.raw`${anyCaseContractions}|[^\r\n\p{L}\p{N}]?\p{L}+|${numbers}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** Words that begin anew at a capital letter (of A to Z: other scripts have none here, as llama.cpp has it). */
const casedWords = (suffix: string, numbers: string): string => {
  const upper = String.raw`(?:(?=\p{L})[^a-z])`;
  const lower = String.raw`(?:(?=\p{L})[^A-Z])`;
  const lead = String.raw`[^\r\n\p{L}\p{N}]?`;
  return String.raw`${lead}${upper}*${lower}+${suffix}|${lead}${upper}+${lower}*${suffix}|${numbers}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
};

const gpt2: PreTokenizer = { patterns: [words] };
const singleDigits: PreTokenizer = { patterns: [String.raw`\p{N}`, words] };
const qwen2: PreTokenizer = { patterns: [modernWords(String.raw`\p{N}`)] };
const llama3: PreTokenizer = { patterns: [modernWords(String.raw`\p{N}{1,3}`)], ignoreMerges: true, addBos: true };
const dbrx: PreTokenizer = { patterns: llama3.patterns };
const tekken: PreTokenizer = { patterns: [casedWords('', String.raw`\p{N}`)], ignoreMerges: true, addBos: true };
const gpt4o: PreTokenizer = { patterns: [casedWords(`(?:${anyCaseContractions})?`, String.raw`\p{N}{1,3}`)] };
const fallback: PreTokenizer = {
  patterns: [String.raw`[\p{P}\$\+<=>\^~\|]+`, words, String.raw`\p{N}+`, '[0-9][0-9][0-9]'],
};

/**
 * The ways of cutting, by the name a file states as `tokenizer.ggml.pre`. What each does is
 * fixed by llama.cpp, whose token ids ours must equal (`test/golden/tokens.test.ts`).
 */
export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map([
  ['default', fallback],
  ['gpt-2', gpt2],
  ['smollm', singleDigits],
  ['starcoder', singleDigits],
  ['refact', singleDigits],
  ['qwen2', qwen2],
  ['deepseek-r1-qwen', qwen2],
  ['llama3', llama3],
  ['llama-v3', llama3],
  ['llama-bpe', llama3],
  ['tekken', tekken],
  ['dbrx', dbrx],
  ['gpt-4o', gpt4o],
]);
