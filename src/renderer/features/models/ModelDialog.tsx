import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../../app/storesContext.ts';
import { toReaderError } from '../../bridge/toReaderError.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { LoadedModelFacts } from './LoadedModelFacts.tsx';
import { ModelList } from './ModelList.tsx';

/** Which model answers, on what, and which others could. */
export function ModelDialog() {
  const { engine, shell } = useStores();
  const state = useStore(engine, (value) => value.engine);
  const error = useStore(engine, (value) => value.error);
  useEffect(() => {
    void engine.getState().refreshModels();
  }, [engine]);
  return (
    <Dialog title="Model" onClose={() => shell.getState().showDialog(null)}>
      <div className="model-dialog">
        {error && <ErrorNotice error={error} onDismiss={() => engine.getState().dismissError()} />}
        {state.state === 'noModel' && (
          <p>
            Answers come from a language model that runs on this machine, without a network. It is fetched once and kept
            for all books.
          </p>
        )}
        {state.state === 'loading' && <ProgressBar label="Loading the model" share={state.share} />}
        {state.state === 'failed' && (
          <ErrorNotice error={toReaderError(state.error)}>
            <Button onClick={() => void engine.getState().load()}>Try again</Button>
          </ErrorNotice>
        )}
        {(state.state === 'ready' || state.state === 'answering') && <LoadedModelFacts model={state.model} />}
        <ModelList />
      </div>
    </Dialog>
  );
}
