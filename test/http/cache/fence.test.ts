import { expect, it } from 'vitest';
import { createFence } from '../../../src/http/cache/fence.ts';

it('tells what was fetched before an invalidation from what was fetched after', () => {
  const fence = createFence();
  const before = fence.stamp();
  fence.raise(['products/1', 'products']);
  const after = fence.stamp();
  expect(fence.holds(before, ['products/1'])).toBe(false);
  expect(fence.holds(before, ['products/2', 'products'])).toBe(false);
  expect(fence.holds(before, ['products/2'])).toBe(true);
  expect(fence.holds(after, ['products/1', 'products'])).toBe(true);
  fence.raiseAll();
  expect(fence.holds(after, [])).toBe(false);
  expect(fence.holds(fence.stamp(), ['products/1'])).toBe(true);
});

it('forgets marks on the safe side', () => {
  const fence = createFence(3);
  const before = fence.stamp();
  for (const mark of ['a', 'b', 'c', 'a']) fence.raise([mark]);
  const between = fence.stamp();
  expect(fence.holds(before, ['z'])).toBe(true);
  // `b` is the one raised longest ago: it is forgotten, and with it everything as old.
  fence.raise(['d']);
  expect(fence.holds(before, ['z'])).toBe(false);
  expect(fence.holds(between, ['z'])).toBe(true);
  expect(fence.holds(between, ['a'])).toBe(true);
  expect(fence.holds(between, ['d'])).toBe(false);
});
