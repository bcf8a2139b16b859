import { join } from 'node:path';
import { type ExploreProgress, exploreModel, writePlanFile } from '#engine/explore/index.ts';
import { openGguf } from '#engine/gguf/index.ts';
import { madePlanPath } from '#engine/madePlanPath.ts';
import { describeModel } from '#engine/model/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { dataFolders } from '#library/index.ts';
import { calibrationText } from './calibrationText.ts';
import { commandOf, type ExploreSharingOptions, sharingWish, wholeNumber } from './exploreOptions.ts';
import { formatCount, formatDuration } from './formatSizes.ts';
import { printJson } from './jsonPrinter.ts';
import { modelName } from './loadModel.ts';
import { savingsTable } from './savingsTable.ts';
import { openModels, resourcesFolder } from './services.ts';
import { ProgressLine, type Terminal } from './terminal.ts';

/**
 * Makes the sharing plan of a model and puts it where `ask` and the app find it. Stopped half way,
 * the same command goes on from there.
 */
export async function exploreSharing(
  options: ExploreSharingOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const wish = sharingWish(options);
  const windowTokens = wholeNumber(options.window, '--window');
  const folders = dataFolders();
  const models = await openModels();
  const { path } = models.find(modelName({ models }, options.model));
  const gguf = await openGguf(path);
  const line = new ProgressLine(terminal);
  try {
    const model = describeModel(gguf);
    const tokenizer = new Tokenizer(gguf);
    const text = await calibrationText(options.text ?? join(resourcesFolder, 'welcome.md'), tokenizer, {
      signal,
      onProgress: (done, total) =>
        line.show(`Taking the text from ${formatCount(done)} of ${formatCount(total)} parts`),
    });
    const document = await exploreModel(
      { gguf, model, tokenizer, texts: [text] },
      {
        wish,
        windowTokens,
        workFolder: folders.explore,
        command: commandOf(options),
        signal,
        onProgress: (progress) => line.show(describe(progress)),
      },
    );
    const planPath = options.out ?? madePlanPath(folders.plans, document.model.fingerprint);
    await writePlanFile(planPath, document);
    line.clear();
    if (options.json) {
      const { made, plan, matrices } = document;
      const event = { type: 'plan', planPath, planId: plan.id, ...made.figures, savings: matrices.savings };
      printJson(terminal, event);
    } else {
      terminal.out.write(savingsTable(document.matrices));
      terminal.err.write(
        `The plan of ${model.name} (*) is ${planPath}. The last three columns: attention that lands on other keys.\n`,
      );
    }
    return 0;
  } finally {
    line.clear();
    gguf.close();
    if (signal.aborted) terminal.err.write('What was measured is kept: the same command goes on from there.\n');
  }
}

const steps: Readonly<Record<ExploreProgress['step'], readonly [doing: string, what: string]>> = {
  reading: ['Reading', 'tokens'],
  fitting: ['Fitting', 'pairs of layers'],
  comparing: ['Comparing', 'heads'],
};

function describe({ step, done, total, remainingMs }: ExploreProgress): string {
  const [doing, what] = steps[step];
  const left = remainingMs === null ? '' : `, ${formatDuration(remainingMs)} left`;
  return `${doing} ${formatCount(done)} of ${formatCount(total)} ${what}${left}`;
}
