import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ModelFidelity, policyChoices } from '#shared/domain/index.ts';

const loss = z.object({ nats: z.number(), low: z.number(), high: z.number(), items: z.int().positive() });
const tokens = z.int().positive();

/** A file of what was measured of one model. `npm run eval -- --publish` writes it; nothing in it is written by hand. */
export const fidelityFileSchema = z.object({
  made: z.object({
    /** File of the novel that the running text is from. */
    book: z.string().min(1),
    /** How much was measured: see `evalBudgets`. */
    budget: z.string().min(1),
  }),
  model: z.object({ name: z.string().min(1), fingerprint: z.string().regex(/^[\da-f]{64}$/) }),
  points: z.array(
    z.object({
      policy: z.enum(policyChoices),
      planId: z.string().min(1),
      day: z.iso.date(),
      textTokens: tokens,
      cacheShare: z.number().positive(),
      loss: z.object({ read: loss, written: loss, copied: loss, copyTextTokens: tokens }).exactOptional(),
    }),
  ),
});

export type FidelityFile = z.infer<typeof fidelityFileSchema>;

/**
 * Reads what was measured of models. It is told beside choices and nothing depends on it, so a file that is damaged
 * costs a warning and its figures; a folder that is not there holds none.
 * @param folders those searched first come first
 */
export async function readFidelity(folders: readonly string[]): Promise<readonly ModelFidelity[]> {
  const found: ModelFidelity[] = [];
  for (const folder of folders) {
    for (const name of await jsonFiles(folder)) {
      const path = join(folder, name);
      try {
        const { model, points } = fidelityFileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
        found.push({ model, points });
      } catch (thrown) {
        process.emitWarning(
          `What was measured of a model is not shown, because ${path} cannot be used: ${String(thrown)}`,
        );
      }
    }
  }
  return found;
}

async function jsonFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  } catch {
    return [];
  }
}
