/** What the bench's backend has: the same rows on every start. */

import { createRandom, type Random } from './random.ts';

export const USERS = 2_000;
export const PRODUCTS = 5_000;
const ORDERS_PER_USER = 10;
const ITEMS_PER_ORDER = 3;
const POSTS = 100;
const AUTHORS = 10;
const TABLE_ROWS = 1_000;

export interface BenchUser {
  readonly id: string;
  readonly name: string;
}

export interface BenchProduct {
  readonly id: string;
  readonly name: string;
  /** In cents. */
  readonly price: number;
}

export interface BenchOrder {
  readonly id: string;
  readonly userId: string;
  readonly status: string;
  /** In cents. */
  readonly total: number;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}

export interface BenchPost {
  readonly id: string;
  readonly title: string;
  readonly authorId: string;
}

export interface BenchRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly age: number;
  readonly score: number;
  readonly active: boolean;
  readonly createdAt: string;
}

/** Everything the backend serves. `orders` are a list a user, newest first. */
export interface BenchData {
  readonly users: readonly BenchUser[];
  readonly products: readonly BenchProduct[];
  readonly orders: readonly (readonly BenchOrder[])[];
  readonly posts: readonly BenchPost[];
  readonly authors: readonly BenchUser[];
  readonly rows: readonly BenchRow[];
}

const list = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

const names = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Radia', 'Alan', 'Frances'];
const cities = ['Lisbon', 'Oslo', 'Turin', 'Ghent', 'Graz', 'Łódź'];
const statuses = ['PENDING', 'CONFIRMED', 'SHIPPED', 'DELIVERED'];

const pick = (values: readonly string[], random: Random): string => values[random(values.length)] ?? '';

/** Makes all rows from one seed. Ids count from 1. */
export function createBenchData(): BenchData {
  const random = createRandom(20_261_121);
  const person = (prefix: string, index: number): BenchUser => ({
    id: `${prefix}${index + 1}`,
    name: `${pick(names, random)} ${index + 1}`,
  });
  const users = list(USERS, (index) => person('', index));
  const products = list(PRODUCTS, (index) => ({
    id: String(index + 1),
    name: `Product ${index + 1}`,
    price: 100 + random(50_000),
  }));
  const order = (user: number, index: number): BenchOrder => {
    const items = list(ITEMS_PER_ORDER, () => {
      const product = random(PRODUCTS);
      return {
        productId: String(product + 1),
        quantity: 1 + random(4),
        price: products[product]?.price ?? 0,
      };
    });
    return {
      id: `${user + 1}-${ORDERS_PER_USER - index}`,
      userId: String(user + 1),
      status: pick(statuses, random),
      total: items.reduce((sum, { quantity, price }) => sum + quantity * price, 0),
      items: items.map(({ productId, quantity }) => ({ productId, quantity })),
    };
  };
  return {
    users,
    products,
    orders: list(USERS, (user) => list(ORDERS_PER_USER, (index) => order(user, index))),
    posts: list(POSTS, (index) => ({
      id: String(index + 1),
      title: `On ${pick(cities, random)}, part ${index + 1}`,
      authorId: `a${(index % AUTHORS) + 1}`,
    })),
    authors: list(AUTHORS, (index) => person('a', index)),
    rows: list(TABLE_ROWS, (index) => ({
      id: String(index + 1),
      name: `${pick(names, random)} ${index + 1}`,
      email: `person-${index + 1}@example.com`,
      city: pick(cities, random),
      age: 18 + random(60),
      score: random(10_000) / 100,
      active: random(2) === 0,
      createdAt: new Date(Date.UTC(2024, 0, 1) + random(63_000_000) * 1000).toISOString(),
    })),
  };
}
