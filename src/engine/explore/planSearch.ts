import { type KvHeadPlan, type LayerPlan, layerIndex } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';
import { groupLayers, type LayerBlock } from './groupLayers.ts';
import { type ByKind, byKind } from './logitSample.ts';
import type { PairFit, PairTable } from './pairTable.ts';
import { type KvHeadPlace, protectHeads } from './protectHeads.ts';

export interface PlanSearchOptions {
  /** Layers all of whose KV heads keep their own keys: one block each. */
  readonly leaders: number;
  /** Follower KV heads that keep their own keys too. @default 0 */
  readonly protectedHeads?: number | undefined;
  /** Weights of the errors on each kind of query, in the cost of a pair. @default 1 for each */
  readonly kindWeights?: ByKind;
}

/**
 * How the distant keys are shared, and what the sample says it costs. Layers are those that see the
 * whole text, counted among themselves: `placeSharing` puts them where they stand in the model.
 */
export interface SharingSearch {
  readonly layers: readonly LayerPlan[];
  readonly blocks: readonly LayerBlock[];
  readonly protected: readonly KvHeadPlace[];
  /** Sum over following KV heads of the error in their merged attention. */
  readonly error: ByKind;
  /** Share of (layer, KV head) pairs without distant keys, 0 to 1. */
  readonly keysDropped: number;
}

/**
 * Chooses leaders by dynamic programming over consecutive layers, then the follower KV heads
 * that keep their keys because finding again would suffer most.
 * @throws {InputError} `input/invalid` when so few leaders cannot hold blocks of the longest fitted length
 */
export function searchPlan(table: PairTable, options: PlanSearchOptions): SharingSearch {
  const blocks = groupByCost(table, options);
  if (blocks) {
    const followers = followersOf(table, blocks);
    const lost = followers.map((place) => fitOf(table, place).worstLookup);
    return sharingOf(table, blocks, protectHeads(followers, lost, options.protectedHeads ?? 0));
  }
  const { layers } = table.shape;
  const fewest = range(1, layers + 1).find((leaders) => groupByCost(table, { ...options, leaders }) !== null);
  throw new InputError('input/invalid', `${options.leaders} leaders cannot be placed in ${layers} layers.`, {
    advice: `Ask for ${fewest} to ${layers} leaders.`,
  });
}

/** What it costs a KV head to follow, in one number. */
export function costOf(error: ByKind, kindWeights: ByKind = byKind(() => 1)): number {
  return kindWeights.prose * error.prose + kindWeights.copy * error.copy + kindWeights.retrieval * error.retrieval;
}

/** The blocks that cost least; null when so few leaders would need longer blocks than were fitted. */
function groupByCost({ shape, fits }: PairTable, { leaders, kindWeights }: PlanSearchOptions): LayerBlock[] | null {
  return groupLayers(shape.layers, leaders, (leader, follower) => {
    const pair = fits[leader]![follower];
    return pair ? pair.reduce((sum, { error }) => sum + costOf(error, kindWeights), 0) : Infinity;
  });
}

/** A KV head that may follow, and the layer whose logits it would take. */
export interface FollowerPlace extends KvHeadPlace {
  readonly leader: number;
}

/** All KV heads that blocks would let follow, lowest layer first. */
export function followersOf({ shape }: PairTable, blocks: readonly LayerBlock[]): FollowerPlace[] {
  return blocks.flatMap(({ leader, end }) =>
    range(leader + 1, end).flatMap((layer) => range(0, shape.kvHeads).map((kvHead) => ({ leader, layer, kvHead }))),
  );
}

/** What was fitted for a KV head that follows within the reach of its leader. */
export const fitOf = ({ fits }: PairTable, { leader, layer, kvHead }: FollowerPlace): PairFit =>
  fits[leader]![layer]![kvHead]!;

/** Lets all KV heads of the blocks follow but those of `kept`. */
export function sharingOf(
  table: PairTable,
  blocks: readonly LayerBlock[],
  kept: readonly KvHeadPlace[],
): SharingSearch {
  const { shape } = table;
  const isKept = ({ layer, kvHead }: KvHeadPlace): boolean =>
    kept.some((place) => place.layer === layer && place.kvHead === kvHead);
  const following = followersOf(table, blocks).filter((place) => !isKept(place));
  const layers = range(0, shape.layers).map((layer): LayerPlan => {
    const kvHeads = range(0, shape.kvHeads).map((kvHead): KvHeadPlan => {
      const place = following.find((other) => other.layer === layer && other.kvHead === kvHead);
      if (!place) return { kind: 'own' };
      return { kind: 'follower', leader: layerIndex(place.leader), mix: fitOf(table, place).mix };
    });
    return { layer: layerIndex(layer), kvHeads };
  });
  return {
    layers,
    blocks,
    protected: kept.map(({ layer, kvHead }) => ({ layer, kvHead })),
    error: byKind((kind) => following.reduce((sum, place) => sum + fitOf(table, place).error[kind], 0)),
    keysDropped: following.length / (shape.layers * shape.kvHeads),
  };
}

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);
