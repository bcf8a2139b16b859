import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { type GgufFile, openGguf } from '../src/engine/gguf/index.ts';
import { describeModel, type ModelDescription } from '../src/engine/model/index.ts';
import { Tokenizer } from '../src/engine/tokenizer/index.ts';

/** The models that plans ship for, by their names in commands. */
const evalModels = {
  quick: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  default: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
} as const;

export type EvalModelName = keyof typeof evalModels;

export const isEvalModelName = (name: string): name is EvalModelName => Object.hasOwn(evalModels, name);

/** A model file that is open for measuring. */
export interface EvalModel {
  /** In results: that of `evalModels`, or the file's own. */
  readonly name: string;
  readonly path: string;
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  readonly tokenizer: Tokenizer;
}

/** Where the file of a model is looked for: `PROXIMA_MODELS`, else the models folder of the product on Linux. */
function evalModelPath(name: EvalModelName): string {
  const data =
    process.env['PROXIMA_HOME'] ?? join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'proxima');
  return join(process.env['PROXIMA_MODELS'] ?? join(data, 'models'), evalModels[name]);
}

/** Opens one of `evalModels`, or any GGUF by its path. Throws one clear sentence when there is none. */
export async function openEvalModel(nameOrPath: string): Promise<EvalModel> {
  const path = isEvalModelName(nameOrPath) ? evalModelPath(nameOrPath) : nameOrPath;
  if (!existsSync(path)) {
    const names = Object.keys(evalModels).join(' or ');
    const advice = isEvalModelName(nameOrPath)
      ? `Fetch it with: npm run -s proxima -- models fetch ${nameOrPath}`
      : `--model is ${names}, or the path of a GGUF file.`;
    throw new Error(`There is no model file ${path}. ${advice}`);
  }
  const gguf = await openGguf(path);
  const name = isEvalModelName(nameOrPath) ? nameOrPath : basename(path);
  return { name, path, gguf, model: describeModel(gguf), tokenizer: new Tokenizer(gguf) };
}
