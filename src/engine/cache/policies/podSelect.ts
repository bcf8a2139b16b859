import { planId } from './planId.ts';
import { pod } from './pod.ts';
import type { CachePolicy } from './policy.ts';

/**
 * `pod`, and of the distant tokens a written token reads only the pages that matter to it. Which these are,
 * each layer with keys of its own finds by scoring all of them; followers read the pages of their leader.
 */
export const podSelect: CachePolicy = {
  name: 'pod+select',
  summary: 'As pod, and of the distant tokens only the pages that matter to the next token are read.',
  plan(shape, options) {
    const { select = { pageTokens: 16, readTokens: 1024 }, wholeTokens = 1024 } = options;
    const plan = {
      ...pod.plan(shape, { ...options, wholeTokens }),
      policy: 'pod+select' as const,
      select,
    };
    return { ...plan, id: planId(plan) };
  },
};
