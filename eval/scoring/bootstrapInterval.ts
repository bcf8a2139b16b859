import { seededRandom } from '../../src/engine/explore/seededRandom.ts';

/** A mean, and where it would lie in 95 of 100 draws of as many items. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly items: number;
}

const DRAWS = 2_000;

/**
 * The mean over items with its 95 % interval by the percentile bootstrap (Efron 1979): as many items are drawn anew
 * with replacement, many times over. The same items and seed give the same interval on every machine.
 * @param values one for each item; at least one
 */
export function bootstrapInterval(values: readonly number[], seed = 1): MeanInterval {
  if (values.length === 0) throw new RangeError('There is no item to take a mean of.');
  const random = seededRandom(seed);
  const means = Float64Array.from({ length: DRAWS }, () => {
    let sum = 0;
    for (let draw = 0; draw < values.length; draw += 1) sum += values[Math.floor(random() * values.length)]!;
    return sum / values.length;
  }).sort();
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: means[Math.floor(0.025 * DRAWS)]!,
    high: means[Math.ceil(0.975 * DRAWS) - 1]!,
    items: values.length,
  };
}
