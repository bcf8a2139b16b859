import { useState } from 'react';
import { useStore } from 'zustand';
import type { EngineState } from '#shared/contract/index.ts';
import type { LoadedModel } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';

/**
 * The loaded model, also while it is loaded again under another choice: what is told of it must not vanish under the
 * pointer. Null as soon as another model is wanted, and where none could be loaded.
 */
export function useLastModel(): LoadedModel | null {
  const { settings, engine: engineStore } = useStores();
  const wanted = useStore(settings, (state) => state.settings.model);
  const engine = useStore(engineStore, (state) => state.engine);
  const [seen, setSeen] = useState({ engine, wanted, model: modelOf(engine) });
  if (engine !== seen.engine) {
    const isAgain = engine.state === 'loading' && wanted === seen.wanted;
    setSeen({ engine, wanted, model: isAgain ? seen.model : modelOf(engine) });
  }
  return wanted === seen.wanted ? seen.model : null;
}

const modelOf = (engine: EngineState): LoadedModel | null => ('model' in engine ? engine.model : null);
