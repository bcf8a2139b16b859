import type { LoadedModel } from '#shared/domain/index.ts';
import { formatCount } from '../../ui/formatCount.ts';

/** What is loaded, on which device and why, and what its cache plan does. */
export function LoadedModelFacts({ model }: { readonly model: LoadedModel }) {
  return (
    <dl className="facts">
      <div>
        <dt>Answering now</dt>
        <dd>{model.name}</dd>
      </div>
      <div>
        <dt>Device</dt>
        <dd>
          {model.device}
          <small>{model.deviceReason}</small>
        </dd>
      </div>
      <div>
        <dt>Cache</dt>
        <dd>
          {model.policy}
          <small>
            {model.distantKeysDropped > 0
              ? `Layers share ${Math.round(model.distantKeysDropped * 100)}% of their distant keys`
              : 'Every layer keeps every key'}
            {model.adapter && ', with weights adapted to it'}
          </small>
        </dd>
      </div>
      <div>
        <dt>Reads at once</dt>
        <dd>
          {formatCount(model.contextTokens)} tokens
          <small>
            {model.layers} layers, {model.heads} heads on {model.kvHeads} key heads
          </small>
        </dd>
      </div>
    </dl>
  );
}
