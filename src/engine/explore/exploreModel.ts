import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '#shared/errors/index.ts';
import { makePlan } from '../cache/index.ts';
import { globalLayers } from '../cache/slidingLayers.ts';
import { sampledModelDigest } from '../gguf/index.ts';
import type { ModelDescription } from '../model/index.ts';
import { attentionDivergence } from './attentionDivergence.ts';
import { type ExploreProgress, ProgressMeter } from './exploreProgress.ts';
import { PairFiles } from './pairFiles.ts';
import { fitPairs } from './pairTable.ts';
import { placeSharing } from './placeSharing.ts';
import type { PlanDocument } from './planDocument.ts';
import { planMatrices } from './planMatrices.ts';
import { type SharingSearch, searchPlan } from './planSearch.ts';
import { roundMixes } from './roundMixes.ts';
import { type ExploreSource, sampleModel } from './sampleModel.ts';
import { savingsLadder, searchSaving } from './searchSaving.ts';

/** How much is shared: a number of layers that keep all keys, or a share of the distant keys to drop. */
export type SharingWish =
  | { readonly leaders: number; readonly protectedHeads?: number | undefined }
  | { readonly saving: number };

export interface ExploreOptions {
  readonly wish: SharingWish;
  /** Near tokens under the plan. */
  readonly windowTokens: number;
  /** The command that makes the plan again, for its file. */
  readonly command: string;
  /** Holds a folder for each model with all that was measured: what is there is not measured again. */
  readonly workFolder: string;
  /** Sequences of running text, and as many with questions. @default 4 */
  readonly sequences?: number;
  /** Tokens of text in each. @default by the length of the text and the model's context */
  readonly tokens?: number | undefined;
  /** @default 1 */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExploreProgress) => void) | undefined;
}

/**
 * Makes the sharing plan of any model (exploration, arXiv 2412.02252): reads calibration texts with dense
 * attention, fits every pair of layers that are near enough for a block, and searches the leaders. Only layers that
 * see the whole text take part. Stopped half way, it goes on where it was.
 * @throws {InputError} `input/invalid` when there is too little to read, nothing to share, or the wish cannot be met
 * @throws an `AbortError` when `signal` is aborted
 */
export async function exploreModel(source: ExploreSource, options: ExploreOptions): Promise<PlanDocument> {
  const { gguf, model } = source;
  const { wish, sequences = 4, tokens, seed = 1, signal, onProgress } = options;
  const layers = shareableLayers(model);
  const fingerprint = await sampledModelDigest(gguf);
  const folder = join(options.workFolder, fingerprint);
  await mkdir(folder, { recursive: true });
  const sampling = { sequences, tokens, seed, fingerprint, folder, signal, onProgress };
  const { sample, made } = await sampleModel(source, sampling);
  const fitting = new ProgressMeter('fitting', onProgress);
  const table = await fitPairs(sample, {
    files: new PairFiles(folder, made),
    signal,
    onProgress: (done, total, isNew) => fitting.moveTo(done, total, isNew),
  });
  const comparing = new ProgressMeter('comparing', onProgress);
  const divergence = await attentionDivergence(sample, {
    signal,
    onProgress: (done, total) => comparing.moveTo(done, total, true),
  });
  const found = 'saving' in wish ? searchSaving(table, wish.saving) : searchPlan(table, wish);
  return {
    made: {
      how: `Head mixes by weighted ridge least squares and Newton steps on the merged attention; ${'saving' in wish ? HOW_TO_SAVE : HOW_TO_LEAD}`,
      command: options.command,
      date: new Date().toISOString().slice(0, 10),
      texts: source.texts.map(({ title }) => title),
      seed,
      figures: { queries: sample.queries.length, ...figuresOf(found, layers) },
    },
    model: { name: model.name, fingerprint },
    plan: makePlan('pod', model, {
      layers: roundMixes(placeSharing(found.layers, model)),
      windowTokens: options.windowTokens,
      floatTokens: floatTokensOf(options.windowTokens),
    }),
    matrices: planMatrices(layers, sample, table, divergence, { chosen: found, savings: savingsLadder(table) }),
  };
}

/** Near rows older than so many tokens are packed, whole pages of them under every policy. */
const FLOAT_TOKENS = 32;
const floatTokensOf = (windowTokens: number): number =>
  windowTokens < FLOAT_TOKENS ? windowTokens : FLOAT_TOKENS + (windowTokens % FLOAT_TOKENS);

/** How a wish is met, for the plan's file. */
const HOW_TO_SAVE =
  'leaders, and the heads of other layers that keep their keys, together by dynamic programming over the attention moved on prose, copying and answering and over what is lost at copying or answering.';
const HOW_TO_LEAD =
  'leaders by dynamic programming over the attention moved on prose, copying and answering; the follower heads that would lose most at copying or answering keep their keys.';

/** @throws {InputError} `input/invalid` when no two layers see the whole text */
function shareableLayers(model: ModelDescription): readonly number[] {
  const layers = globalLayers(model);
  if (layers.length >= 2) return layers;
  throw new InputError(
    'input/invalid',
    `${layers.length} of the ${model.layers} layers of this model see the whole text; sharing keys takes two.`,
    { advice: 'Use it without a plan: its cache hardly grows with the text.' },
  );
}

/** The search in the numbers of the model's layers. Errors are sums over the KV heads that follow. */
function figuresOf(found: SharingSearch, layers: readonly number[]): PlanDocument['made']['figures'] {
  return {
    keysDropped: rounded(found.keysDropped),
    attentionMovedOnProse: rounded(found.error.prose),
    attentionMovedOnCopying: rounded(found.error.copy),
    attentionMovedOnAnswering: rounded(found.error.retrieval),
    leaders: found.blocks.map(({ leader }) => layers[leader]!),
    protectedHeads: found.protected.map(({ layer, kvHead }) => `${layers[layer]!}.${kvHead}`),
  };
}

const rounded = (value: number): number => Number(value.toPrecision(4));
