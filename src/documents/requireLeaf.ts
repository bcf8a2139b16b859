import type { BookInfo, LeafIndex } from '#shared/domain/index.ts';
import { InputError } from '#shared/errors/index.ts';

/** @throws {InputError} `input/invalid` when the book has no such leaf */
export function requireLeaf(info: BookInfo, leaf: LeafIndex): void {
  if (Number.isInteger(leaf) && leaf >= 0 && leaf < info.leaves.length) return;
  throw new InputError(
    'input/invalid',
    `There is no part ${leaf}: the book has ${info.leaves.length}, counted from 0.`,
    {
      advice: 'Ask for a part the book has.',
    },
  );
}
