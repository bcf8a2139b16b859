import { basename, join } from 'node:path';
import { type ExploreProgress, exploreModel, type SharingWish, writePlanFile } from '#engine/explore/index.ts';
import { openGguf } from '#engine/gguf/index.ts';
import { madePlanPath } from '#engine/madePlanPath.ts';
import { describeModel } from '#engine/model/index.ts';
import { Tokenizer } from '#engine/tokenizer/index.ts';
import { dataFolders } from '#library/index.ts';
import { InputError } from '#shared/errors/index.ts';
import { calibrationText } from './calibrationText.ts';
import { formatCount, formatDuration } from './formatSizes.ts';
import { printJson } from './jsonPrinter.ts';
import { modelName } from './loadModel.ts';
import { savingsTable } from './savingsTable.ts';
import { openModels, resourcesFolder } from './services.ts';
import { ProgressLine, type Terminal } from './terminal.ts';

export interface ExploreSharingOptions {
  readonly model: string;
  readonly leaders?: string | undefined;
  /** Share of the distant keys to drop. */
  readonly saving?: string | undefined;
  readonly protect?: string | undefined;
  readonly window: string;
  /** A document to read: the welcome guide, which is too short for it, when none is given. */
  readonly text?: string | undefined;
  /** Where the plan goes, in place of the data folder. */
  readonly out?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What the shipped plans drop, too. */
const DEFAULT_SAVING = 1 / 3;

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
      terminal.out.write(savingsTable(document));
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

function sharingWish({ leaders, saving, protect }: ExploreSharingOptions): SharingWish {
  const protectedHeads = protect === undefined ? undefined : wholeNumber(protect, '--protect', 0);
  if (leaders === undefined) return { saving: saving === undefined ? DEFAULT_SAVING : share(saving), protectedHeads };
  if (saving === undefined) return { leaders: wholeNumber(leaders, '--leaders'), protectedHeads };
  throw new InputError('input/invalid', 'Both --leaders and --saving were given.', {
    advice: 'Give one of them: a saving finds the number of leaders itself.',
  });
}

function share(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InputError('input/invalid', `--saving is "${text}"; it must be above 0 and below 1.`, {
    advice: 'Give the share of distant keys to drop, such as --saving 0.5.',
  });
}

function wholeNumber(text: string, option: string, least = 1): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= 1_000_000) return value;
  throw new InputError('input/invalid', `${option} is "${text}"; it must be a whole number from ${least} on.`, {
    advice: `Give a number such as ${option} 8.`,
  });
}

/** Without folders: the file may be shown to others. */
function commandOf({ model, leaders, saving, protect, window, text }: ExploreSharingOptions): string {
  const given = {
    model: basename(model),
    ...(leaders === undefined ? { saving: saving ?? DEFAULT_SAVING.toFixed(4) } : { leaders }),
    ...(protect !== undefined && { protect }),
    window,
    ...(text !== undefined && { text: basename(text) }),
  };
  const words = Object.entries(given).map(([name, value]) => `--${name} ${/\s/.test(value) ? `"${value}"` : value}`);
  return `npm run -s proxima -- explore ${words.join(' ')}`;
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
