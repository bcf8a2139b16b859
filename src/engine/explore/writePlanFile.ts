import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatPlanDocument, type PlanDocument } from './planDocument.ts';

/** Writes a plan's file, beside its place first, so that it is whole or not there. Makes its folder. */
export async function writePlanFile(path: string, document: PlanDocument): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, formatPlanDocument(document));
  await rename(`${path}.part`, path);
}
