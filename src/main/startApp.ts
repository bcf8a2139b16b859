import type { ElectronParts } from './electronParts.ts';
export async function startApp(_e: ElectronParts, _o: { host: { name: string; reason: string; origin: string } }) {
  await Promise.resolve();
}
