import { en, Faker } from '@faker-js/faker';
import { createRandom, dayMs, seededUntil } from './random.ts';

export interface SeededUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Scopes of the tokens that signing in gives, separated by spaces. */
  readonly scope: string;
  readonly createdAt: string;
}

/** The people of the tutorial, by what they are for. */
export const ada = { id: '1', name: 'Ada Lovelace', email: 'ada@example.com', scope: '' } as const;
export const grace = { id: '2', name: 'Grace Hopper', email: 'grace@example.com', scope: '' } as const;
export const root = { id: '3', name: 'Root', email: 'root@example.com', scope: 'admin explore' } as const;

/** How many users there are, with ids from `1` up. */
export const userCount = 2_003;

/**
 * The hash of `waterfall`, everyone's password, as `hashPassword` writes it.
 *
 * All seeded users share it, salt included: hashing 2,000 times is slow by design and would take most of the
 * first start, and there is no secret to keep apart. Whoever registers gets a salt of their own.
 */
export const demoPasswordHash =
  'scrypt:8192:tP5Fb_WStHzPXxYvDTIGAw:Q0L78wg2gQ1gworiYyGkIoZ9ls_gyMehqBEdHFPThug';

/** Everybody, in the order of their ids: the three people first, then customers with made-up names. */
export function seededUsers(): SeededUser[] {
  const faker = new Faker({ locale: [en], seed: 4101 });
  const random = createRandom(4101);
  const first = seededUntil - 4 * 365 * dayMs;
  const createdAt = (index: number) =>
    new Date(first + (index * 2 * 365 * dayMs) / userCount + random.int(0, dayMs / 4)).toISOString();
  const people = [ada, grace, root].map((person, index) => ({ ...person, createdAt: createdAt(index) }));
  const customers = Array.from({ length: userCount - people.length }, (_, index): SeededUser => {
    const id = String(people.length + index + 1);
    const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()];
    const address = `${firstName}.${lastName}`.toLowerCase().replaceAll(/[^a-z.]/g, '');
    return {
      id,
      name: `${firstName} ${lastName}`,
      email: `${address}.${id}@example.com`,
      scope: '',
      createdAt: createdAt(people.length + index),
    };
  });
  return [...people, ...customers];
}
