import type { CachePlan } from '#shared/domain/index.ts';
import type { ByKind } from './logitSample.ts';

/** How a plan came to be, so that it can be made again and doubted. */
export interface PlanOrigin {
  /** The method and its settings, in a sentence. */
  readonly how: string;
  /** The command that makes it again. */
  readonly command: string;
  /** ISO day. */
  readonly date: string;
  /** Titles of the texts that were read. */
  readonly texts: readonly string[];
  readonly seed: number;
  /** What the sample says of the plan; measured quality stands in docs/fidelity.md. */
  readonly figures: Readonly<Record<string, number | readonly number[] | readonly string[]>>;
}

/** What a plan saves and costs. */
export interface SavingStep {
  /** Share of the distant keys that no layer keeps, 0 to 1. */
  readonly keysDropped: number;
  readonly leaders: number;
  readonly protectedHeads: number;
  /** Attention that lands on other keys than without sharing, mean over all KV heads that see distant tokens, 0 to 1. */
  readonly attentionMoved: ByKind;
}

/** The measurements a plan was chosen by, rounded, for whoever draws or doubts them. */
export interface PlanMatrices {
  /** The layers that rows and columns stand for: those that see the whole text. */
  readonly layers: readonly number[];
  /** How many queries of each kind were sampled: a kind without any says nothing, whatever its errors. */
  readonly queries: ByKind;
  /** The plan of this file. */
  readonly chosen: SavingStep;
  /** The plan of least error for each of some savings, the smallest first. */
  readonly savings: readonly SavingStep[];
  /** `[leader][follower]`: attention moved when the layer follows, mean over its KV heads, 0 to 1; null where it was not fitted. */
  readonly errors: Readonly<Record<keyof ByKind, readonly (readonly (number | null)[])[]>>;
  /** `[lower][higher][head]`: Jensen-Shannon divergence of the attention to distant keys, in bits; null where the second is not above the first. */
  readonly divergence: readonly (readonly (readonly number[] | null)[])[];
}

/** A file with a plan: of `resources/plans`, or of the data folder. */
export interface PlanDocument {
  readonly made: PlanOrigin;
  readonly model: {
    readonly name: string;
    /** As `sampledModelDigest` tells models apart. */
    readonly fingerprint: string;
  };
  readonly plan: CachePlan;
  readonly matrices: PlanMatrices;
}

/** Lays a plan file out with one line for each layer and row: small, and fit to be compared by line. */
export function formatPlanDocument(document: PlanDocument): string {
  return `${layOut(document, '')}\n`;
}

/** Objects take a line for each field, lists of compound things a line for each, all else one line. */
function layOut(value: unknown, indent: string): string {
  const within = `${indent}  `;
  if (Array.isArray(value)) {
    if (!value.some((item) => typeof item === 'object' && item !== null)) return JSON.stringify(value);
    return `[\n${value.map((item) => within + JSON.stringify(item)).join(',\n')}\n${indent}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  const lines = fields.map(([name, field]) => `${within}${JSON.stringify(name)}: ${layOut(field, within)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
