import { type Device, devices, deviceTitles } from '#shared/contract/index.ts';
import { deviceTraits } from './deviceTraits.ts';
import { type RuntimeProvider, runtimeProviders } from './ort.ts';

/** The devices that the runtime has on this machine and that can run graphs of ours, in the order of `devices`. */
export const availableDevices = (providers: readonly RuntimeProvider[] = runtimeProviders()): readonly Device[] =>
  devices.filter((device) => whyUnavailable(device, providers) === null);

/** Why a device is none of them, as the end of a sentence; null where it is one. */
export function whyUnavailable(device: Device, providers: readonly RuntimeProvider[]): string | null {
  const { provider, lacks } = deviceTraits[device];
  const title = deviceTitles[device];
  const found = providers.find(({ name }) => name === provider);
  if (!found) return `the runtime has no ${title} on this kind of machine`;
  if (!found.installed) return `the runtime's library for ${title} is not installed (README.md tells how)`;
  return lacks === undefined ? null : `the runtime's ${title} has ${lacks}`;
}
