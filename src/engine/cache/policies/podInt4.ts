import { planId } from './planId.ts';
import { pod } from './pod.ts';
import type { CachePolicy } from './policy.ts';

/** `pod` with values of distant tokens in 4 bits, rotated first (QuaRot, arXiv 2404.00456): half their bytes. */
export const podInt4: CachePolicy = {
  name: 'pod+int4',
  summary: 'As pod, and the values of distant tokens are kept in 4 bits.',
  plan(shape, options) {
    const plan = { ...pod.plan(shape, { ...options, farValues: 'int4' }), policy: 'pod+int4' as const };
    return { ...plan, id: planId(plan) };
  },
};
