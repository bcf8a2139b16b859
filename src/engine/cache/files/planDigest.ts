import { createHash } from 'node:crypto';
import type { CachePlan } from '#shared/domain/index.ts';

/**
 * Tells apart what computes different caches from the same text: SHA-256, in hexadecimal, of the whole
 * plan, sizes and mixes included, and of the device, which rounds in its own way. A plan's id does
 * not tell whether a person has changed its window.
 */
export function planDigest(plan: CachePlan, device: string): string {
  return createHash('sha256').update(JSON.stringify({ device, plan })).digest('hex');
}
