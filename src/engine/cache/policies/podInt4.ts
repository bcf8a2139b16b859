import { planId } from './planId.ts';
import { podSelect } from './podSelect.ts';
import type { CachePolicy } from './policy.ts';

/**
 * `pod+select` with values of distant tokens in 4 bits, rotated first (QuaRot, arXiv 2404.00456): half their
 * bytes. Few of them are read for a written token, so few are unpacked.
 */
export const podInt4: CachePolicy = {
  name: 'pod+int4',
  summary: 'As pod+select, and the values of distant tokens are kept in 4 bits.',
  plan(shape, options) {
    const plan = { ...podSelect.plan(shape, { ...options, farValues: 'int4' }), policy: 'pod+int4' as const };
    return { ...plan, id: planId(plan) };
  },
};
