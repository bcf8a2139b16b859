import { join } from 'node:path';
import type { CalibrationSequence } from './calibrationSequences.ts';
import { joinSamples, type LogitSample } from './logitSample.ts';
import { readSample, writeSample } from './sampleFile.ts';
import { type SampleOptions, type SequenceTaps, sampleQueries } from './sampleQueries.ts';
import { seededRandom } from './seededRandom.ts';

/** Runs a dense pass over one sequence and hands back what its queries and keys were. */
export type TapSequence = (sequence: CalibrationSequence) => Promise<SequenceTaps>;

export interface CollectOptions extends Omit<SampleOptions, 'random'> {
  readonly seed: number;
  /** A folder for the samples of single sequences; those already there are not made again. */
  readonly folder: string;
  /** Names model, texts and boundary: a sample made of others is made again. */
  readonly made: string;
  /** Called after each sequence. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Collects the logits of all sequences. Stopped half way, it goes on with the first sequence that is missing. */
export async function collectSample(
  sequences: readonly CalibrationSequence[],
  tapSequence: TapSequence,
  options: CollectOptions,
): Promise<LogitSample> {
  const samples: LogitSample[] = [];
  for (const [index, sequence] of sequences.entries()) {
    const path = join(options.folder, `sequence-${index}.sample`);
    const made = `${options.made} sequence ${index} of ${sequence.ids.length} tokens`;
    let sample = await readSample(path, made);
    if (!sample) {
      const random = seededRandom(options.seed + index);
      sample = await sampleQueries(await tapSequence(sequence), { ...options, random });
      await writeSample(path, sample, made);
    }
    samples.push(sample);
    options.onProgress?.(index + 1, sequences.length);
  }
  return joinSamples(samples);
}
