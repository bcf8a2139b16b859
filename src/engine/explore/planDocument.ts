import type { CachePlan } from '#shared/domain/index.ts';

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

/** A file of `resources/plans`. */
export interface PlanDocument {
  readonly made: PlanOrigin;
  readonly model: {
    readonly name: string;
    /** SHA-256 of the GGUF file. */
    readonly fingerprint: string;
  };
  readonly plan: CachePlan;
}

/** Lays a plan file out with one line for each layer: small, and fit to be compared by line. */
export function formatPlanDocument({ made, model, plan }: PlanDocument): string {
  const { layers, ...rest } = plan;
  const lines = layers.map((layer) => `      ${JSON.stringify(layer)}`).join(',\n');
  const head = JSON.stringify({ made, model, plan: rest }, null, 2);
  // The head ends with the plan's last field and two closing braces: layers go in between.
  return `${head.slice(0, head.lastIndexOf('\n  }\n}'))},\n    "layers": [\n${lines}\n    ]\n  }\n}\n`;
}
