import { productCount } from './products.ts';
import { createRandom } from './random.ts';

export interface SeededStock {
  readonly productId: string;
  readonly available: number;
}

/**
 * How much there is of each product: of every fourth more than 1,000 (for load that must not run dry), of every
 * 25th nothing at all, of the next one three (for what runs out), and of the others a shelf full.
 */
export function seededStock(): SeededStock[] {
  const random = createRandom(4103);
  return Array.from({ length: productCount }, (_, index) => {
    const number = index + 1;
    const shelf = random.int(20, 400);
    const store = random.int(1_200, 6_000);
    return { productId: String(number), available: availableOf(number, shelf, store) };
  });
}

function availableOf(number: number, shelf: number, store: number): number {
  if (number % 25 === 13) return 0;
  if (number % 25 === 14) return 3;
  return number % 4 === 0 ? store : shelf;
}
