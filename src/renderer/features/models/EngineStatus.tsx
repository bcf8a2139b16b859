import { Circle, CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import { useStore } from 'zustand';
import type { EngineState } from '#shared/contract/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { Hint } from '../../ui/Hint.tsx';
import './models.css';

/** The engine in one word and one icon; opens the model dialog. */
export function EngineStatus() {
  const { engine, shell } = useStores();
  const state = useStore(engine, (value) => value.engine);
  const fetching = useStore(engine, (value) => value.fetching);
  const label = fetching
    ? `Fetching ${Math.floor((100 * fetching.doneBytes) / Math.max(1, fetching.totalBytes))}%`
    : engineLabel(state);
  return (
    <Hint label={engineDetail(state)}>
      <button
        type="button"
        className={`engine-pill engine-pill--${state.state}`}
        onClick={() => shell.getState().showDialog('model')}
      >
        <EngineIcon state={fetching ? 'loading' : state.state} />
        {label}
      </button>
    </Hint>
  );
}

function EngineIcon({ state }: { readonly state: EngineState['state'] }) {
  const size = 14;
  switch (state) {
    case 'noModel':
      return <CircleDashed size={size} aria-hidden />;
    case 'loading':
      return <LoaderCircle className="spin" size={size} aria-hidden />;
    case 'ready':
      return <CircleCheck size={size} aria-hidden />;
    case 'answering':
      return <Circle className="pulse" size={size} aria-hidden />;
    case 'failed':
      return <CircleAlert size={size} aria-hidden />;
    default:
      return state satisfies never;
  }
}

function engineLabel(engine: EngineState): string {
  switch (engine.state) {
    case 'noModel':
      return 'No model yet';
    case 'loading':
      return `Loading ${Math.round(engine.share * 100)}%`;
    case 'ready':
      return 'Ready';
    case 'answering':
      return 'Answering';
    case 'failed':
      return 'Model failed';
    default:
      return engine satisfies never;
  }
}

function engineDetail(engine: EngineState): string {
  switch (engine.state) {
    case 'noModel':
      return `${engine.wanted.title} has to be fetched once`;
    case 'loading':
      return 'The model is being loaded';
    case 'ready':
    case 'answering':
      return `${engine.model.name} · ${engine.model.policy} · ${engine.model.device}`;
    case 'failed':
      return engine.error.message;
    default:
      return engine satisfies never;
  }
}
