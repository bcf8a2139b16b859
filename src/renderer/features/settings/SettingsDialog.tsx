import { useStore } from 'zustand';
import type { AppSettings } from '#shared/contract/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { DeviceRow } from './DeviceRow.tsx';
import { MemoryRow } from './MemoryRow.tsx';
import { shortcutList } from './shortcutList.ts';
import './settings.css';

const TEXT_SIZES = { min: 13, max: 28 } as const;

/** Theme, text size, cache policy, device, model, keys, and how this window runs. */
export function SettingsDialog() {
  const { settings, shell, engine, app } = useStores();
  const values = useStore(settings, (state) => state.settings);
  const error = useStore(settings, (state) => state.error);
  const engineState = useStore(engine, (state) => state.engine);
  const save = (change: Partial<AppSettings>): Promise<void> => settings.getState().save(change);
  const saveAndLoad = async (change: Partial<AppSettings>): Promise<void> => {
    await save(change);
    await engine.getState().load();
  };
  const model = 'model' in engineState ? engineState.model.name : values.model;
  return (
    <Dialog title="Settings" onClose={() => shell.getState().showDialog(null)}>
      {error && <ErrorNotice error={error} onDismiss={() => settings.getState().dismissError()} />}
      <div className="settings">
        <div className="settings__row">
          <span>Theme</span>
          <Segments
            label="Theme"
            value={values.theme}
            options={[
              { value: 'system', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            onChange={(theme) => void save({ theme })}
          />
        </div>
        <label className="settings__row">
          <span>
            Text size
            <small>Of books without fixed pages</small>
          </span>
          <span className="settings__size">
            <input
              type="range"
              min={TEXT_SIZES.min}
              max={TEXT_SIZES.max}
              value={values.textSizePx}
              aria-valuetext={`${values.textSizePx} pixels`}
              onChange={(event) => void save({ textSizePx: Number(event.target.value) })}
            />
            <output>{values.textSizePx} px</output>
          </span>
        </label>
        <MemoryRow onChoose={(policy) => void saveAndLoad({ policy })} />
        <DeviceRow onChoose={(device) => void saveAndLoad({ device })} />
        <div className="settings__row">
          <span>
            Model
            <small>{model}</small>
          </span>
          <Button onClick={() => shell.getState().showDialog('model')}>Choose…</Button>
        </div>
      </div>
      <h3 className="settings__heading">Keys</h3>
      <dl className="settings__keys">
        {shortcutList.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="settings__about">
        Proxima {app.version}, in a window of {app.host === 'electron' ? 'Electron' : 'Chromium'}. {app.hostReason}
      </p>
    </Dialog>
  );
}
