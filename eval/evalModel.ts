import { findModelFile } from '../scripts/findModelFile.ts';
import { type GgufFile, openGguf } from '../src/engine/gguf/index.ts';
import { describeModel, type ModelDescription } from '../src/engine/model/index.ts';
import { Tokenizer } from '../src/engine/tokenizer/index.ts';

/** The models that plans ship for, by their names in the catalogue. */
const evalModelNames = ['quick', 'default'] as const;

export type EvalModelName = (typeof evalModelNames)[number];

export const isEvalModelName = (name: string): name is EvalModelName => evalModelNames.some((known) => known === name);

/** A model file that is open for measuring. */
export interface EvalModel {
  /** In results: that of the catalogue, or the file's own. */
  readonly name: string;
  readonly path: string;
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  readonly tokenizer: Tokenizer;
}

/** Opens a model by its name in the catalogue, or any GGUF by its path. @throws {ModelFileError} `model/*` when there is none */
export async function openEvalModel(nameOrPath: string): Promise<EvalModel> {
  const { name, path } = await findModelFile(nameOrPath);
  const gguf = await openGguf(path);
  return { name, path, gguf, model: describeModel(gguf), tokenizer: new Tokenizer(gguf) };
}
