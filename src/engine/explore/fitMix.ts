import type { LogitSample } from './logitSample.ts';
import { mergeAttention, mixedLogits, ownLogits } from './mergedAttention.ts';
import { solveRidge } from './ridge.ts';

export interface FitOptions {
  /** Pull towards the identity, as a share of the mean power of the leader's logits. @default 0.003 */
  readonly ridge?: number;
  /** Attention spread evenly over a query's distant keys on top of what was measured. @default 0.02 */
  readonly floor?: number;
  /** Newton steps on the divergence of the merged attention, after least squares. @default 3 */
  readonly newtonSteps?: number;
}

/** A pair of layers and the follower's query head that is fitted. */
export interface FollowerHead {
  readonly leader: number;
  readonly follower: number;
  /** Query head of the follower. */
  readonly head: number;
}

/**
 * Finds the mix by which a follower's query head reads its leader's distant logits.
 *
 * 1. Weighted least squares with ridge towards the identity. Weights are the head's own
 *    attention plus a floor, so that keys nobody looks at hardly count.
 * 2. The same once more with the larger of the own and the predicted attention: a logit
 *    predicted far too high draws attention to a key that had none, which the first weights
 *    do not see.
 * 3. Newton steps on the mean Kullback-Leibler divergence of the merged attention, which is
 *    convex in the mix. A step that does not lower it is halved, then given up.
 * @returns `[heads + 1]`: weights over the leader's query heads, then a bias
 */
export function fitMix(sample: LogitSample, pair: FollowerHead, options: FitOptions = {}): Float64Array {
  const { ridge = 0.003, floor = 0.02, newtonSteps = 3 } = options;
  const fit = new MixFit(sample, pair, ridge, floor);
  fit.leastSquares();
  fit.leastSquares();
  fit.newton(newtonSteps);
  return fit.mix;
}

/** Divergence and its derivatives at one mix. */
interface Slope {
  readonly divergence: number;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

class MixFit {
  mix: Float64Array;
  readonly #sample: LogitSample;
  readonly #pair: FollowerHead;
  readonly #floor: number;
  readonly #prior: Float64Array;
  /** Penalty of each weight, in units of the rows' total weight; the bias is nearly free. */
  readonly #penalty: Float64Array;
  readonly #size: number;
  readonly #own: Float64Array;
  readonly #mixed: Float64Array;
  readonly #target: Float64Array;
  readonly #predicted: Float64Array;
  #round = 0;

  constructor(sample: LogitSample, pair: FollowerHead, ridge: number, floor: number) {
    this.#sample = sample;
    this.#pair = pair;
    this.#floor = floor;
    this.#size = sample.shape.heads + 1;
    const rows = sample.queries.reduce((most, query) => Math.max(most, query.rows), 0);
    this.#own = new Float64Array(rows);
    this.#mixed = new Float64Array(rows);
    this.#target = new Float64Array(rows);
    this.#predicted = new Float64Array(rows);
    this.#prior = new Float64Array(this.#size);
    this.#prior[pair.head] = 1;
    this.mix = this.#prior.slice();
    const power = meanSquare(sample.logits[pair.leader]!);
    this.#penalty = new Float64Array(this.#size).fill(ridge * power * sample.queries.length);
    this.#penalty[this.#size - 1] = 1e-6 * sample.queries.length;
  }

  /** One weighted least squares fit; from the second on, too high predictions weigh in. */
  leastSquares(): void {
    const size = this.#size;
    const gram = new Float64Array(size * size);
    const moment = new Float64Array(size);
    const features = new Float64Array(size);
    features[size - 1] = 1;
    const leader = this.#sample.logits[this.#pair.leader]!;
    for (const [index, query] of this.#sample.queries.entries()) {
      this.#attend(index);
      const distantKeys = this.#distantKeys(index);
      for (let row = 0; row < query.rows; row += 1) {
        const at = (query.firstRow + row) * (size - 1);
        for (let i = 0; i < size - 1; i += 1) features[i] = leader[at + i]!;
        const seen = this.#round === 0 ? this.#target[row]! : Math.max(this.#target[row]!, this.#predicted[row]!);
        const weight = seen + (this.#floor * this.#sample.rowWeights[query.firstRow + row]!) / distantKeys;
        addRow(gram, moment, features, weight, this.#own[row]!);
      }
    }
    this.#round += 1;
    this.mix = solveRidge(gram, moment, this.#penalty, this.#prior);
  }

  newton(steps: number): void {
    let slope = this.#slope();
    for (let step = 0; step < steps; step += 1) {
      const move = solveRidge(
        slope.curvature,
        slope.gradient,
        this.#penalty.map(smaller),
        new Float64Array(this.#size),
      );
      const from = this.mix;
      let taken = false;
      for (let length = 1; length >= 1 / 4 && !taken; length /= 2) {
        this.mix = from.map((weight, i) => weight - length * move[i]!);
        const next = this.#slope();
        if (next.divergence < slope.divergence) {
          slope = next;
          taken = true;
        }
      }
      if (!taken) {
        this.mix = from;
        return;
      }
    }
  }

  /** Own and predicted attention of one query into the scratch arrays. */
  #attend(index: number): { readonly nearTarget: number; readonly nearPredicted: number } {
    const { leader, follower, head } = this.#pair;
    const sample = this.#sample;
    const query = sample.queries[index]!;
    const near = sample.nearLogSumExp[follower]![index * (this.#size - 1) + head]!;
    ownLogits(sample, query, follower, head, this.#own);
    mixedLogits(sample, query, leader, this.mix, this.#mixed);
    return {
      nearTarget: mergeAttention(this.#own, near, sample.rowWeights, query, this.#target),
      nearPredicted: mergeAttention(this.#mixed, near, sample.rowWeights, query, this.#predicted),
    };
  }

  #distantKeys(index: number): number {
    const query = this.#sample.queries[index]!;
    let keys = 0;
    for (let row = 0; row < query.rows; row += 1) keys += this.#sample.rowWeights[query.firstRow + row]!;
    return keys;
  }

  /** Penalised divergence at the present mix, with gradient and Hessian of softmax regression. */
  #slope(): Slope {
    const size = this.#size;
    const gradient = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    const mean = new Float64Array(size);
    const features = new Float64Array(size);
    features[size - 1] = 1;
    const leader = this.#sample.logits[this.#pair.leader]!;
    let divergence = 0;
    for (const [index, query] of this.#sample.queries.entries()) {
      const { nearTarget, nearPredicted } = this.#attend(index);
      divergence += share(nearTarget, nearPredicted);
      mean.fill(0);
      for (let row = 0; row < query.rows; row += 1) {
        const target = this.#target[row]!;
        const predicted = this.#predicted[row]!;
        divergence += share(target, predicted);
        const at = (query.firstRow + row) * (size - 1);
        for (let i = 0; i < size - 1; i += 1) features[i] = leader[at + i]!;
        for (let i = 0; i < size; i += 1) {
          const weighted = predicted * features[i]!;
          gradient[i]! += weighted - target * features[i]!;
          mean[i]! += weighted;
          for (let j = 0; j <= i; j += 1) curvature[i * size + j]! += weighted * features[j]!;
        }
      }
      for (let i = 0; i < size; i += 1) {
        for (let j = 0; j <= i; j += 1) curvature[i * size + j]! -= mean[i]! * mean[j]!;
      }
    }
    for (let i = 0; i < size; i += 1) {
      const penalty = smaller(this.#penalty[i]!);
      const away = this.mix[i]! - this.#prior[i]!;
      divergence += (penalty * away * away) / 2;
      gradient[i]! += penalty * away;
    }
    return { divergence, gradient, curvature };
  }
}

/** The divergence is flatter than the squared error it follows, so its pull is a tenth. */
const smaller = (penalty: number): number => penalty / 10;

const share = (target: number, predicted: number): number =>
  target <= 0 ? 0 : target * Math.log(target / Math.max(predicted, Number.MIN_VALUE));

function addRow(gram: Float64Array, moment: Float64Array, features: Float64Array, weight: number, value: number): void {
  const size = features.length;
  for (let i = 0; i < size; i += 1) {
    const weighted = weight * features[i]!;
    moment[i]! += weighted * value;
    for (let j = 0; j <= i; j += 1) gram[i * size + j]! += weighted * features[j]!;
  }
}

function meanSquare(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return values.length === 0 ? 0 : sum / values.length;
}
