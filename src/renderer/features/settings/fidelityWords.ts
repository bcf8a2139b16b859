import type {
  LoadedModel,
  LossOverDense,
  MeasuredLoss,
  MeasuredPoint,
  ModelFidelity,
  PolicyChoice,
} from '#shared/domain/index.ts';
import { formatCount } from '../../ui/formatCount.ts';

/** What was measured of this very model file under the plan that it runs under a policy; null where nothing was. */
export function measuredPoint(
  fidelity: readonly ModelFidelity[],
  { fingerprint, planIds }: LoadedModel,
  policy: PolicyChoice,
): MeasuredPoint | null {
  const points = fidelity
    .filter(({ model }) => model.fingerprint === fingerprint)
    .flatMap((measured) => measured.points);
  return points.find((point) => point.policy === policy && point.planId === planIds[policy]) ?? null;
}

/** A point in one sentence: its memory beside a cache of 16-bit numbers, and what it loses to `dense`. */
export function fidelityWords({ cacheShare, textTokens, loss }: MeasuredPoint): string {
  const size = `${memoryWords(cacheShare)} an ordinary cache at ${formatCount(textTokens)} tokens`;
  return `${size}; ${loss ? lossWords(loss) : 'nothing is lost'}.`;
}

function memoryWords(share: number): string {
  const percent = Math.round(100 * share);
  if (percent === 50) return 'Half the memory of';
  if (percent === 100) return 'As much memory as';
  return percent === 200 ? 'Twice the memory of' : `${percent}% of the memory of`;
}

function lossWords({ read, written, copied }: MeasuredLoss): string {
  const isTextAsBefore = isWithinChance(read) && isWithinChance(written);
  const differences = [
    ...(isTextAsBefore
      ? [{ of: 'text', kind: 'as before', amount: Math.max(chancePercent(read), chancePercent(written)) }]
      : [
          { of: 'text it reads', ...differenceOf(read) },
          { of: 'text it writes', ...differenceOf(written) },
        ]),
    { of: 'copying', ...differenceOf(copied) },
  ];
  const words = differences.map(({ of, kind, amount }, place) => {
    const isSaid = differences[place - 1]?.kind === kind;
    const isLast = differences[place + 1]?.kind !== kind;
    if (kind === 'as before') return `${of} ${isSaid ? '' : 'as before '}within ${amount}%`;
    return `${of} ${amount}%${isLast ? ` ${kind} to predict` : ''}`;
  });
  return words.join(', ');
}

interface Difference {
  readonly kind: 'as before' | 'harder' | 'easier';
  /** Percent: how large it is, or how large chance leaves it open to be. */
  readonly amount: number | string;
}

function differenceOf(loss: LossOverDense): Difference {
  if (isWithinChance(loss)) return { kind: 'as before', amount: chancePercent(loss) };
  const percent = Math.abs(percentOf(loss.nats));
  const amount = percent < 0.05 ? 'under 0.1' : percent.toFixed(percent < 10 ? 1 : 0);
  return { kind: loss.nats > 0 ? 'harder' : 'easier', amount };
}

/** Whether the interval holds no difference at all. */
const isWithinChance = ({ low, high }: LossOverDense): boolean => low <= 0 && high >= 0;

/** The largest difference that the interval leaves open, rounded up. */
function chancePercent({ low, high }: LossOverDense): number {
  const percent = Math.max(-percentOf(low), percentOf(high));
  return percent < 10 ? Math.ceil(10 * percent) / 10 : Math.ceil(percent);
}

const percentOf = (nats: number): number => 100 * (Math.exp(nats) - 1);
