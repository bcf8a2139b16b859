import type { Leaf, LeafIndex } from '#shared/domain/index.ts';

/** The leaf a person means: one with that label, else the one with that number, counted from 1. */
export function findLeaf(leaves: readonly Leaf[], typed: string): LeafIndex | null {
  const wanted = typed.trim().toLocaleLowerCase();
  if (wanted === '') return null;
  const byLabel = leaves.find(({ label }) => label.toLocaleLowerCase() === wanted);
  if (byLabel) return byLabel.index;
  return /^\d+$/.test(wanted) ? (leaves[Number(wanted) - 1]?.index ?? null) : null;
}
