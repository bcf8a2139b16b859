import { expect, it } from 'vitest';
import { jsFlags } from '#main/jsFlags.ts';

it('puts all settings of V8 into the one switch that Electron reads, and gives none for none', () => {
  expect(jsFlags(['--max-semi-space-size=4', '--initial-old-space-size=64'])).toEqual([
    '--js-flags=--max-semi-space-size=4 --initial-old-space-size=64',
  ]);
  expect(jsFlags([])).toEqual([]);
  expect(jsFlags()).toEqual([]);
});
