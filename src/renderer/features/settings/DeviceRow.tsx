import { useStore } from 'zustand';
import { type DeviceName, deviceNames } from '#shared/contract/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { Segments } from '../../ui/Segments.tsx';

const DEVICES: Readonly<Record<DeviceName, { readonly label: string; readonly does: string }>> = {
  auto: { label: 'Automatic', does: 'The faster of the two in a short trial, each time a model is loaded.' },
  cpu: { label: 'Processor', does: 'Works on every machine.' },
  webgpu: {
    label: 'Graphics processor',
    does: 'Experimental. Where it is missing or computes wrongly, the processor does the work.',
  },
};
const deviceOptions = deviceNames.map((value) => ({ value, label: DEVICES[value].label }));

/** Where the model computes, as chosen, and what came of the choice. */
export function DeviceRow({ onChoose }: { readonly onChoose: (device: DeviceName) => void }) {
  const { settings, engine } = useStores();
  const device = useStore(settings, (state) => state.settings.device);
  const engineState = useStore(engine, (state) => state.engine);
  return (
    <div className="settings__row">
      <span>
        Computes on
        <small>{DEVICES[device].does}</small>
        {'model' in engineState && <small>Now: {engineState.model.deviceReason}</small>}
      </span>
      <Segments label="Device" value={device} options={deviceOptions} onChange={onChoose} />
    </div>
  );
}
