import { formatBytes, formatCount, formatDuration } from './formatSizes.ts';
import { modelName } from './loadModel.ts';
import { openModels } from './services.ts';
import { ProgressLine, type Terminal } from './terminal.ts';

/** Lists the catalogue: names, sizes, licences, and where each file is. */
export async function listModels(
  options: { readonly json?: boolean | undefined },
  terminal: Terminal,
): Promise<number> {
  const cards = (await openModels()).list();
  if (options.json) {
    for (const card of cards) terminal.out.write(`${JSON.stringify(card)}\n`);
    return 0;
  }
  for (const card of cards) {
    const here = card.path === null ? `not here; fetch it with: models fetch ${card.id}` : card.path;
    terminal.out.write(
      `${card.id}${card.isDefault ? ' (default)' : ''}: ${card.title}\n` +
        `  ${formatBytes(card.fileBytes)}, ${formatCount(card.contextTokens)} tokens of context, ${card.licence}\n` +
        `  ${card.note}\n  ${here}\n`,
    );
  }
  return 0;
}

/** Fetches a model of the catalogue and shows how far it is. */
export async function fetchModel(name: string, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const models = await openModels();
  const line = new ProgressLine(terminal);
  try {
    const card = await models.fetch(modelName({ models }, name), {
      signal,
      onProgress: ({ source, doneBytes, totalBytes, remainingMs }) => {
        const left = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} left`;
        line.show(`Fetching from ${source}: ${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}${left}`);
      },
    });
    line.clear();
    terminal.out.write(`${card.title} is here: ${card.path ?? ''}\n`);
    return 0;
  } finally {
    line.clear();
  }
}
