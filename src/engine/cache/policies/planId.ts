import { createHash } from 'node:crypto';
import type { CachePlan } from '#shared/domain/index.ts';

/** Names a plan by its policy and a digest of all it says but its present name. */
export function planId(plan: Omit<CachePlan, 'id'>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify({ ...plan, id: undefined }))
    .digest('hex');
  return `${plan.policy}-${digest.slice(0, 12)}`;
}
