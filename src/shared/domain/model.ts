import type { PlanAdapter, PolicyChoice } from './cachePlan.ts';
import type { ModelId } from './ids.ts';

/** A model as people choose it. */
export interface ModelCard {
  readonly id: ModelId;
  readonly title: string;
  readonly fileBytes: number;
  readonly contextTokens: number;
  readonly licence: string;
  readonly note: string;
  /** Where its file lies, or null when it must be fetched first. */
  readonly path: string | null;
  readonly isDefault: boolean;
}

/** A model that the engine has loaded. */
export interface LoadedModel {
  readonly name: string;
  readonly path: string;
  /** Tells its file apart: see `sampledModelDigest`. */
  readonly fingerprint: string;
  readonly architecture: string;
  readonly contextTokens: number;
  readonly policy: string;
  /** Names of the plans it runs under, by the policy that is chosen; none for a policy whose plan cannot be used. */
  readonly planIds: Readonly<Partial<Record<PolicyChoice, string>>>;
  readonly device: string;
  /** Why this device, in one sentence. */
  readonly deviceReason: string;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Share of the distant keys that the plan drops, 0 to 1. */
  readonly distantKeysDropped: number;
  /** Changes to the weights of attention that the plan names; absent where the model's own are used. */
  readonly adapter?: PlanAdapter;
}
