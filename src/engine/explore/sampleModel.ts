import { createHash } from 'node:crypto';
import { makePlan } from '../cache/index.ts';
import { createDecoder, type Decoder } from '../decode/decoder.ts';
import type { GgufFile } from '../gguf/index.ts';
import type { ModelDescription } from '../model/index.ts';
import type { Tokenizer } from '../tokenizer/index.ts';
import { type ChooseSequencesOptions, chooseSequences } from './chooseSequences.ts';
import { collectSample } from './collectSample.ts';
import { type ExploreProgress, ProgressMeter } from './exploreProgress.ts';
import type { LogitSample } from './logitSample.ts';
import { exploreTaps, tapSequence } from './tapSequence.ts';

/** A text that is read to see how a model attends. */
export interface CalibrationText {
  readonly title: string;
  /** Its tokens, without control tokens. */
  readonly ids: readonly number[];
}

/** An open model and what it shall read. */
export interface ExploreSource {
  readonly gguf: GgufFile;
  readonly model: ModelDescription;
  readonly tokenizer: Tokenizer;
  readonly texts: readonly CalibrationText[];
}

export interface SampleModelOptions extends ChooseSequencesOptions {
  /** Names the model in the files, see `sampledModelDigest`. */
  readonly fingerprint: string;
  /** A folder for the samples of single sequences: those already there are not made again. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ExploreProgress) => void) | undefined;
}

/** A sample, and what it was made of in words: model, texts, seed and boundary. */
export interface ModelSample {
  readonly sample: LogitSample;
  readonly made: string;
}

/**
 * Reads calibration sequences with dense attention and samples queries in them. The model is only
 * made ready when a sequence is missing.
 * @throws {InputError} `input/invalid` when text or context are too short
 */
export async function sampleModel(source: ExploreSource, options: SampleModelOptions): Promise<ModelSample> {
  const { gguf, model, tokenizer, texts } = source;
  const { seed, fingerprint, folder, signal, onProgress } = options;
  const book = texts.flatMap(({ ids }) => ids);
  const sequences = chooseSequences(book, model, tokenizer, options);
  const textDigest = createHash('sha256').update(JSON.stringify(sequences)).digest('hex');
  const boundary = makePlan('pod', model);
  const made = `model ${fingerprint}, texts ${textDigest}, seed ${seed}, window ${boundary.sinkTokens}+${boundary.windowTokens}`;

  const tokensUpTo = (end: number): number => sequences.slice(0, end).reduce((sum, { ids }) => sum + ids.length, 0);
  const total = tokensUpTo(sequences.length);
  const meter = new ProgressMeter('reading', onProgress);
  let decoder: Decoder | null = null;
  try {
    const sample = await collectSample(
      sequences,
      async (sequence) => {
        decoder ??= await createDecoder(
          { gguf, model, plan: makePlan('dense', model), taps: exploreTaps(model) },
          { signal },
        );
        const before = tokensUpTo(sequences.indexOf(sequence));
        const onTokens = (done: number): void => meter.moveTo(before + done, total, true);
        return tapSequence(decoder, boundary, sequence, { signal, onProgress: onTokens });
      },
      {
        ...{ seed, folder, made, sinkTokens: boundary.sinkTokens },
        // What was read now has been counted token by token.
        onProgress: (done) => meter.moveTo(tokensUpTo(done), total, false),
      },
    );
    return { sample, made };
  } finally {
    await (decoder as Decoder | null)?.dispose();
  }
}
