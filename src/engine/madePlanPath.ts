import { join } from 'node:path';

/**
 * Where the plan lies that was made on this machine for one model.
 * @param plansFolder of the data folder
 * @param fingerprint see `sampledModelDigest`
 */
export const madePlanPath = (plansFolder: string, fingerprint: string): string =>
  join(plansFolder, `${fingerprint}.json`);
