import type { CacheReport, PolicyName } from '#shared/domain/index.ts';

/** The cache of an answer for which the model read nothing. */
export function emptyCacheReport(policy: string): CacheReport {
  return {
    policy: policy as PolicyName,
    planId: policy,
    tokens: 0,
    nearTokens: 0,
    distantTokens: 0,
    nearBytes: 0,
    farKeyBytes: 0,
    farValueBytes: 0,
    snapshotBytes: 0,
    cacheBytes: 0,
    denseBytes: 0,
    denseFp16Bytes: 0,
    distantKeysDropped: 0,
  };
}
