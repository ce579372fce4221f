import { expect, it } from 'vitest';
import { counted, inBytes, inMs, inTimes } from '../../../explorer/src/waterfall/units.ts';

it('writes durations, sizes, counts and ratios as people read them', () => {
  expect([0, 0.42, 12.52, 99.96, 231.4, 1840, 12_400].map(inMs)).toEqual([
    '0 ms',
    '0.4 ms',
    '12.5 ms',
    '100 ms',
    '231 ms',
    '1.84 s',
    '12.4 s',
  ]);
  expect([812, 4200, 1_300_000].map(inBytes)).toEqual(['812 B', '4.2 kB', '1.3 MB']);
  expect([counted(1, 'call'), counted(1200, 'call'), counted(2, 'retry', 'retries')]).toEqual([
    '1 call',
    '1,200 calls',
    '2 retries',
  ]);
  expect([1.24, 8, 24.5].map(inTimes)).toEqual(['1.2', '8.0', '25']);
});
