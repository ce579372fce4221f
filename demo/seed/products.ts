import { createRandom, dayMs, seededUntil } from './random.ts';

export interface SeededProduct {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  /** In cents. */
  readonly price: number;
  readonly createdAt: string;
}

/** How many products there are, with ids from `1` up. */
export const productCount = 500;

interface Category {
  readonly name: string;
  /** In cents. */
  readonly cheapest: number;
  readonly dearest: number;
  readonly nouns: readonly [string, ...string[]];
  /** What such things are made of. */
  readonly materials: readonly [string, ...string[]];
}

const hard = [
  'Oak',
  'Walnut',
  'Steel',
  'Copper',
  'Bamboo',
  'Glass',
  'Granite',
  'Brass',
  'Birch',
  'Ceramic',
] as const;
const soft = ['Linen', 'Wool', 'Cotton', 'Leather', 'Felt', 'Silk', 'Canvas'] as const;
const light = ['Paper', 'Cork', 'Bamboo', 'Birch', 'Leather', 'Linen', 'Brass'] as const;

const categories: readonly [Category, ...Category[]] = [
  {
    name: 'stationery',
    cheapest: 5,
    dearest: 2_500,
    nouns: ['Pencil', 'Notebook', 'Ruler', 'Eraser', 'Folder', 'Envelope'],
    materials: light,
  },
  {
    name: 'furniture',
    cheapest: 4_900,
    dearest: 90_000,
    nouns: ['Chair', 'Table', 'Shelf', 'Bench', 'Desk', 'Cabinet'],
    materials: hard,
  },
  {
    name: 'kitchen',
    cheapest: 300,
    dearest: 24_900,
    nouns: ['Pan', 'Kettle', 'Knife', 'Bowl', 'Jug', 'Board'],
    materials: hard,
  },
  {
    name: 'garden',
    cheapest: 200,
    dearest: 39_900,
    nouns: ['Spade', 'Hose', 'Planter', 'Lantern', 'Rake', 'Trellis'],
    materials: hard,
  },
  {
    name: 'clothing',
    cheapest: 900,
    dearest: 29_900,
    nouns: ['Shirt', 'Jacket', 'Scarf', 'Cap', 'Jumper', 'Gloves'],
    materials: soft,
  },
  {
    name: 'toys',
    cheapest: 100,
    dearest: 9_900,
    nouns: ['Puzzle', 'Kite', 'Train', 'Blocks', 'Puppet', 'Top'],
    materials: light,
  },
  {
    name: 'lighting',
    cheapest: 700,
    dearest: 49_900,
    nouns: ['Lamp', 'Chandelier', 'Torch', 'Candle', 'Sconce', 'Spotlight'],
    materials: hard,
  },
  {
    name: 'tools',
    cheapest: 150,
    dearest: 59_900,
    nouns: ['Hammer', 'Saw', 'Drill', 'Spanner', 'Chisel', 'Level'],
    materials: hard,
  },
  {
    name: 'music',
    cheapest: 250,
    dearest: 89_900,
    nouns: ['Drum', 'Flute', 'Guitar', 'Metronome', 'Ukulele', 'Bell'],
    materials: hard,
  },
  {
    name: 'travel',
    cheapest: 400,
    dearest: 44_900,
    nouns: ['Suitcase', 'Rucksack', 'Flask', 'Pillow', 'Tent', 'Map'],
    materials: soft,
  },
];

const manners = [
  'Plain',
  'Folding',
  'Small',
  'Tall',
  'Quiet',
  'Bright',
  'Sturdy',
  'Light',
  'Round',
  'Classic',
  'Travelling',
  'Everyday',
] as const;

const remarks = [
  'Made to be mended.',
  'Gets better with every year.',
  'Packs flat.',
  'Comes with spare parts.',
  'A favourite of people who have tried the others.',
  'Needs no instructions.',
  'Takes a knock.',
] as const;

/** The catalogue, in the order of its ids. Each name is there once. */
export function seededProducts(): SeededProduct[] {
  const random = createRandom(4102);
  const names = new Set<string>();
  return Array.from({ length: productCount }, (_, index): SeededProduct => {
    const category = categories[index % categories.length] ?? categories[0];
    const noun = random.pick(category.nouns);
    const [manner, material] = [random.pick(manners), random.pick(category.materials)];
    const plain = `${manner} ${material} ${noun}`;
    const name = names.has(plain) ? `${plain} No. ${index + 1}` : plain;
    names.add(name);
    return {
      id: String(index + 1),
      name,
      description: `A ${manner.toLowerCase()} ${noun.toLowerCase()} of ${material.toLowerCase()}. ${random.pick(remarks)}`,
      category: category.name,
      price: priceBetween(category, random.int(0, 1_000) / 1_000),
      createdAt: new Date(seededUntil - random.int(30, 900) * dayMs - random.int(0, dayMs)).toISOString(),
    };
  });
}

/** Evenly spread by ratio, since there are more cheap things than dear ones; above ten euros it ends in 9. */
function priceBetween({ cheapest, dearest }: Category, position: number): number {
  const price = Math.round(cheapest * (dearest / cheapest) ** position);
  if (price < 1_000) return price;
  return Math.min(dearest, Math.floor(price / 100) * 100 + 99);
}
