import type { CachePlan, FollowedKeys, PageSelection } from '#shared/domain/index.ts';
import { CacheBudgetError } from '#shared/errors/index.ts';
import { keepsDistant } from './distantRange.ts';
import { isSliding } from './slidingLayers.ts';

/** A block is read in one call, so it bounds how long a stop takes. */
const MAX_CHUNK_TOKENS = 1024;

/**
 * Checks that a plan can be carried out: each layer is there, sizes are sane, each follower has a
 * leader below it that sees the whole text and keeps all its keys, and its mix has a row for each query head.
 * @throws {CacheBudgetError} `cache/plan`
 */
export function checkPlan(plan: CachePlan): void {
  const { layers, heads, kvHeads } = plan.shape;
  if (plan.layers.length !== layers) throw unfit(`it has ${plan.layers.length} layers, the model ${layers}`);
  const { sinkTokens, windowTokens, wholeTokens = 0, floatTokens = windowTokens } = plan;
  for (const [name, value] of Object.entries({ sinkTokens, windowTokens, wholeTokens, floatTokens })) {
    if (!Number.isInteger(value) || value < 0) throw unfit(`${name} is ${value}, not a whole number from 0`);
  }
  if (!Number.isInteger(plan.chunkTokens) || plan.chunkTokens < 1 || plan.chunkTokens > MAX_CHUNK_TOKENS) {
    throw unfit(`chunkTokens is ${plan.chunkTokens}, not a whole number from 1 to ${MAX_CHUNK_TOKENS}`);
  }
  // Sinks lie in the near store from the first block on, so a block must hold them.
  if (plan.sinkTokens > plan.chunkTokens)
    throw unfit(`its ${plan.sinkTokens} sinks pass a block of ${plan.chunkTokens}`);
  if (plan.farValues === 'int4' && plan.shape.headDim % 2 !== 0)
    throw unfit(`values of ${plan.shape.headDim} numbers cannot be packed by twos`);
  if (plan.adapter && (plan.policy === 'dense' || plan.policy === 'streaming'))
    throw unfit(`${plan.policy} takes the weights as they are`);
  if (plan.distant === 'dropped') checkDropping(plan);
  const selects = plan.policy === 'pod+select' || plan.policy === 'pod+int4';
  if (selects !== (plan.select !== undefined))
    throw unfit(
      `its policy is ${plan.policy}, and it says ${plan.select ? '' : 'not '}how distant tokens are selected`,
    );
  if (plan.select) checkSelection(plan.select, plan.chunkTokens);
  if (floatTokens !== windowTokens) checkPacking(plan, floatTokens);
  for (const [index, layer] of plan.layers.entries()) {
    if (layer.layer !== index) throw unfit(`entry ${index} is of layer ${layer.layer}`);
    if (layer.kvHeads.length !== kvHeads) {
      throw unfit(`layer ${index} has ${layer.kvHeads.length} KV heads, the model ${kvHeads}`);
    }
    for (const head of layer.kvHeads) {
      if (head.kind === 'follower') checkFollower(plan, index, head, heads / kvHeads);
    }
  }
}

function checkDropping({ select, layers }: CachePlan): void {
  if (select) throw unfit('it selects pages of distant tokens, which it drops');
  if (layers.some(({ kvHeads }) => kvHeads.some(({ kind }) => kind === 'follower'))) {
    throw unfit('it shares keys of distant tokens, which it drops');
  }
}

function checkPacking(plan: CachePlan, floatTokens: number): void {
  const { windowTokens, select } = plan;
  if (floatTokens > windowTokens) throw unfit(`floatTokens is ${floatTokens}, its whole window ${windowTokens}`);
  if (!keepsDistant(plan)) throw unfit('it packs near tokens, and keeps no distant ones');
  // Rows that were rounded cannot become what they were.
  if (plan.farKeys === 'float32' || plan.farValues === 'float32')
    throw unfit('it packs near tokens, and keeps distant ones in float32');
  if (select && (windowTokens - floatTokens) % select.pageTokens !== 0) {
    const packed = windowTokens - floatTokens;
    throw unfit(`${packed} packed near tokens are no whole number of pages of ${select.pageTokens}`);
  }
}

function checkSelection({ pageTokens, readTokens }: PageSelection, chunkTokens: number): void {
  if (!Number.isInteger(pageTokens) || pageTokens < 1 || chunkTokens % pageTokens !== 0) {
    throw unfit(`a block of ${chunkTokens} tokens is no whole number of pages of ${pageTokens}`);
  }
  if (!Number.isInteger(readTokens) || readTokens < pageTokens || readTokens % pageTokens !== 0) {
    throw unfit(`readTokens is ${readTokens}, not a whole number of pages of ${pageTokens} tokens`);
  }
}

function checkFollower(plan: CachePlan, layer: number, { leader, mix }: FollowedKeys, groupSize: number): void {
  if (isSliding(plan.shape, layer)) throw unfit(`layer ${layer} sees only its window and has no distant keys to share`);
  const leaderPlan = plan.layers[leader];
  if (leader >= layer || !leaderPlan) throw unfit(`layer ${layer} follows layer ${leader}, which is not below it`);
  if (isSliding(plan.shape, leader)) throw unfit(`layer ${layer} follows layer ${leader}, which sees only its window`);
  if (leaderPlan.kvHeads.some(({ kind }) => kind === 'follower')) {
    throw unfit(`layer ${layer} follows layer ${leader}, which does not keep all its keys`);
  }
  const columns = plan.shape.heads + 1;
  if (mix.length !== groupSize || mix.some((row) => row.length !== columns || !row.every(Number.isFinite))) {
    throw unfit(`the mix of layer ${layer} is not ${groupSize} rows of ${columns} numbers`);
  }
}

function unfit(why: string): CacheBudgetError {
  return new CacheBudgetError('cache/plan', `This cache plan cannot be used: ${why}.`, {
    advice: 'Choose the policy "dense", or make a plan for this model with "explore".',
  });
}
