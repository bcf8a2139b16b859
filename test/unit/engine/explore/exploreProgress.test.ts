import { expect, it } from 'vitest';
import { type ExploreProgress, ProgressMeter } from '#engine/explore/exploreProgress.ts';

it('tells the time left by the speed of what was done now, not of what was found done', () => {
  let now = 1_000;
  const told: ExploreProgress[] = [];
  const meter = new ProgressMeter(
    'fitting',
    (progress) => told.push(progress),
    () => now,
  );
  meter.moveTo(40, 100, false);
  now += 2_000;
  meter.moveTo(50, 100, true);
  now += 2_000;
  meter.moveTo(60, 100, true);
  expect(told.map(({ done }) => done)).toEqual([40, 50, 60]);
  // 200 ms for each of the units that were done now.
  expect(told.map(({ remainingMs }) => remainingMs)).toEqual([null, 10_000, 8_000]);
  expect(told[0]).toMatchObject({ step: 'fitting', total: 100 });
});
