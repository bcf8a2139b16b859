import { Download } from 'lucide-react';
import { useStore } from 'zustand';
import type { ModelCard } from '#shared/domain/index.ts';
import { useStores } from '../../app/storesContext.ts';
import { Button } from '../../ui/Button.tsx';
import { formatBytes } from '../../ui/formatBytes.ts';
import { formatDuration } from '../../ui/formatDuration.ts';
import { ProgressBar } from '../../ui/ProgressBar.tsx';

/** Offers to fetch a model, with what it costs; while it comes, shows how far it is and lets it be stopped. */
export function FetchOffer({ model }: { readonly model: ModelCard }) {
  const { engine } = useStores();
  const fetching = useStore(engine, (state) => state.fetching);
  if (!fetching) {
    return (
      <Button look="primary" onClick={() => void engine.getState().fetchModel(model)}>
        <Download size={15} aria-hidden />
        Fetch {formatBytes(model.fileBytes)}
      </Button>
    );
  }
  if (fetching.model !== model.id) return null;
  const share = fetching.totalBytes > 0 ? fetching.doneBytes / fetching.totalBytes : null;
  return (
    <div className="fetch">
      <ProgressBar label={`Fetching ${model.title}`} share={share} />
      <p className="fetch__line">
        <span>
          {formatBytes(fetching.doneBytes)} of {formatBytes(fetching.totalBytes)}
          {fetching.source && ` from ${fetching.source}`}
          {fetching.remainingMs !== null && `, ${formatDuration(fetching.remainingMs)} left`}
        </span>
        <Button look="quiet" onClick={() => void engine.getState().cancelFetch()}>
          Stop
        </Button>
      </p>
    </div>
  );
}
