import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { toReaderError } from '../../bridge/toReaderError.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { FetchOffer } from './FetchOffer.tsx';

/** What stands between the person and an answer: no model, a model on its way, or a failure. Nothing when all is well. */
export function EngineCard() {
  const { engine } = useStores();
  const state = useStore(engine, (value) => value.engine);
  const error = useStore(engine, (value) => value.error);
  switch (state.state) {
    case 'noModel':
      return (
        <div className="engine-card">
          {error && <ErrorNotice error={error} onDismiss={() => engine.getState().dismissError()} />}
          <p className="engine-card__title">Answers need a model on this machine</p>
          <p>
            {state.wanted.title} is fetched once ({state.wanted.licence}) and works without a network from then on.
            Reading and search work without it.
          </p>
          <FetchOffer model={state.wanted} />
        </div>
      );
    case 'loading':
      return (
        <div className="engine-card engine-card--slim">
          <ProgressBar label="Loading the model" share={state.share} />
          <p>Loading the model: {Math.round(state.share * 100)}%</p>
        </div>
      );
    case 'failed':
      return (
        <ErrorNotice error={toReaderError(state.error)}>
          <Button onClick={() => void engine.getState().load()}>Load the model again</Button>
        </ErrorNotice>
      );
    case 'ready':
    case 'answering':
      return error && <ErrorNotice error={error} onDismiss={() => engine.getState().dismissError()} />;
    default:
      return state satisfies never;
  }
}
