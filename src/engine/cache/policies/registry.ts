import type { PolicyName } from '#shared/domain/index.ts';
import { dense } from './dense.ts';
import { pod } from './pod.ts';
import { podInt4 } from './podInt4.ts';
import { podSelect } from './podSelect.ts';
import type { CachePolicy } from './policy.ts';
import { streaming } from './streaming.ts';

/** Every policy, by its name. Adding one is a file beside these and a line here: see `docs/recipes/add-a-cache-policy.md`. */
export const policies: Readonly<Record<PolicyName, CachePolicy>> = {
  pod,
  'pod+select': podSelect,
  'pod+int4': podInt4,
  dense,
  streaming,
};
