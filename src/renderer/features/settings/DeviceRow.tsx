import { useEffect } from 'react';
import { useStore } from 'zustand';
import { type Device, type DeviceName, deviceTitles } from '#shared/contract/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { Segments } from '../../ui/Segments.tsx';

const FALLS_BACK = 'Where it is missing or computes wrongly, the processor does the work.';
const DOES: Readonly<Record<DeviceName, string>> = {
  auto: 'The fastest in a short trial, each time a model is loaded.',
  cpu: 'Works on every machine.',
  cuda: `The graphics processor of NVIDIA. Not tested yet. ${FALLS_BACK}`,
  directml: `The graphics processor, by Windows. Not tested yet. ${FALLS_BACK}`,
  coreml: `The chips of a Mac. ${FALLS_BACK}`,
  webgpu: `The graphics processor of any maker. Experimental. ${FALLS_BACK}`,
};
const labelOf = (name: DeviceName): string => (name === 'auto' ? 'Automatic' : deviceTitles[name]);

/** Where the model computes, as chosen among what this machine has, and what came of the choice. */
export function DeviceRow({ onChoose }: { readonly onChoose: (device: DeviceName) => void }) {
  const { settings, engine } = useStores();
  const chosen = useStore(settings, (state) => state.settings.device);
  const devices = useStore(engine, (state) => state.devices);
  const engineState = useStore(engine, (state) => state.engine);
  useEffect(() => void engine.getState().refreshDevices(), [engine]);
  return (
    <div className="settings__row">
      <span>
        Computes on
        <small>{DOES[chosen]}</small>
        {'model' in engineState && <small>Now: {engineState.model.deviceReason}</small>}
      </span>
      <Segments
        label="Device"
        value={chosen}
        options={offered(devices, chosen).map((value) => ({ value, label: labelOf(value) }))}
        onChange={onChoose}
      />
    </div>
  );
}

/** What this machine has; also what was chosen and has gone since, so that something is chosen. */
const offered = (devices: readonly Device[], chosen: DeviceName): DeviceName[] => [
  ...new Set<DeviceName>(['auto', ...devices, chosen]),
];
