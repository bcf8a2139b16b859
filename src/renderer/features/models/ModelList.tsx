import { useStore } from 'zustand';
import type { ModelCard } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { formatBytes } from '../../ui/formatBytes.ts';
import { formatCount } from '../../ui/formatCount.ts';
import { FetchOffer } from './FetchOffer.tsx';

/** The catalogue: what is at hand can be chosen, the rest can be fetched. */
export function ModelList() {
  const { engine, settings } = useStores();
  const models = useStore(engine, (state) => state.models);
  const state = useStore(engine, (value) => value.engine);
  const chosen = useStore(settings, (value) => value.settings.model);
  const listed = models.length === 0 && state.state === 'noModel' ? [state.wanted] : models;
  const choose = async (model: ModelCard): Promise<void> => {
    await settings.getState().save({ model: model.id });
    await engine.getState().load();
  };
  return (
    <ul className="models">
      {listed.map((model) => (
        <li key={model.id} className="models__item">
          <div className="models__words">
            <p className="models__title">
              {model.title}
              {model.isDefault && <span className="tag">recommended</span>}
            </p>
            <p className="models__note">{model.note}</p>
            <p className="models__facts">
              {formatBytes(model.fileBytes)} · {formatCount(model.contextTokens)} tokens · {model.licence}
            </p>
          </div>
          {model.path === null ? (
            <FetchOffer model={model} />
          ) : model.id === chosen ? (
            <span className="models__chosen">In use</span>
          ) : (
            <Button disabled={state.state === 'answering'} onClick={() => void choose(model)}>
              Use
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
