import { useId } from 'react';
import { useStore } from 'zustand';
import { defaultPolicy, type PolicyChoice } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { fidelityWords, measuredPoint } from './fidelityWords.ts';
import { MemoryNote } from './MemoryNote.tsx';
import { useLastModel } from './useLastModel.ts';

/** How the cache can be kept, in the words of the window. */
const POINTS: readonly { readonly policy: PolicyChoice; readonly name: string; readonly does: string }[] = [
  {
    policy: 'pod',
    name: 'Closest',
    does: 'Each word of an answer looks back at all the text. Slower on long ones.',
  },
  {
    policy: 'pod+select',
    name: 'Balanced',
    does: 'Each word of an answer looks back at the passages that matter to it.',
  },
  { policy: 'pod+int4', name: 'Smallest', does: 'As Balanced, with coarser numbers for what lies further back.' },
  { policy: 'dense', name: 'Uncompressed', does: 'Every layer keeps everything. Good to compare with.' },
];

/** The ways of keeping the memory of a book, each with what it was measured to take and to lose under the loaded model. */
export function MemoryRow({ onChoose }: { readonly onChoose: (policy: PolicyChoice) => void }) {
  const { settings, app } = useStores();
  const chosen = useStore(settings, (state) => state.settings.policy);
  const model = useLastModel();
  const id = useId();
  const points = POINTS.map((point) => ({
    ...point,
    measured: model && measuredPoint(app.fidelity, model, point.policy),
  }));
  const isAnyMeasured = points.some(({ measured }) => measured);
  return (
    <div className="settings__row">
      <span>
        <span id={id}>Memory of a book</span>
        <small>Nearby words keep all their detail; layers share how they look at what lies further back.</small>
      </span>
      <div className="points" role="radiogroup" aria-labelledby={id}>
        {points.map(({ policy, name, does, measured }) => (
          <label key={policy} className="points__item">
            <input
              type="radio"
              name={id}
              value={policy}
              checked={policy === chosen}
              aria-labelledby={`${id}-${policy}-name`}
              aria-describedby={`${id}-${policy}-does`}
              onChange={() => onChoose(policy)}
            />
            <span>
              <span className="points__name" id={`${id}-${policy}-name`}>
                {name} {policy === defaultPolicy && <span className="tag">default</span>}
              </span>
              <span id={`${id}-${policy}-does`}>
                <small>{does}</small>
                {measured ? (
                  <small className="points__figures">{fidelityWords(measured)}</small>
                ) : (
                  isAnyMeasured && <small>Not measured.</small>
                )}
              </span>
            </span>
          </label>
        ))}
      </div>
      <MemoryNote model={model} measured={points.map(({ measured }) => measured)} />
    </div>
  );
}
