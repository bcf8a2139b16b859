import { basename } from 'node:path';
import type { SharingWish } from '#engine/explore/index.ts';
import { InputError } from '#shared/errors/index.ts';

/** What the command line was given, as it was written. */
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

/** Less than the shipped plans drop: nobody has measured what a plan that is made here costs. */
const DEFAULT_SAVING = 1 / 3;

/**
 * How much shall be shared.
 * @throws {InputError} `input/invalid` for numbers that are none, or too many of them
 */
export function sharingWish({ leaders, saving, protect }: ExploreSharingOptions): SharingWish {
  const protectedHeads = protect === undefined ? undefined : wholeNumber(protect, '--protect', 0);
  if (leaders === undefined) {
    if (protect === undefined) return { saving: saving === undefined ? DEFAULT_SAVING : share(saving) };
    throw new InputError('input/invalid', '--protect was given without --leaders.', {
      advice: 'Give both, or a saving alone: it finds the heads that keep their keys itself.',
    });
  }
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

/** @throws {InputError} `input/invalid` for what is no whole number from `least` on */
export function wholeNumber(text: string, option: string, least = 1): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= 1_000_000) return value;
  throw new InputError('input/invalid', `${option} is "${text}"; it must be a whole number from ${least} on.`, {
    advice: `Give a number such as ${option} 8.`,
  });
}

/** The command that makes the plan again. Without folders: its file may be shown to others. */
export function commandOf({ model, leaders, saving, protect, window, text }: ExploreSharingOptions): string {
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
