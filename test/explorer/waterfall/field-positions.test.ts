import { describe, expect, it } from 'vitest';
import { fieldPositions } from '../../../explorer/src/waterfall/field-positions.ts';

const query = `query Page($n: Int = 10) {
  me {
    mine: orders(first: $n) { nodes { ...Lines total { amount } } }
    ... on User { bookings { nodes { reference } } }
    bookings { nodes { flight { number } } }
  }
}

fragment Lines on Order {
  items { product { name } }
}

query Other { me { name } }
`;

const at = (paths: readonly string[], operation: string | null = 'Page', source = query) =>
  fieldPositions(source, paths, operation)?.map(({ path, line, column, endColumn }) => [
    path,
    source.split('\n')[line - 1]?.slice(column - 1, endColumn - 1),
    line,
  ]);

describe('fieldPositions', () => {
  it('finds a field by its alias and marks the name with it', () => {
    expect(at(['me', 'me.mine'])).toEqual([
      ['me', 'me', 2],
      ['me.mine', 'mine: orders', 3],
    ]);
  });

  it('goes through fragments of both kinds', () => {
    expect(at(['me.mine.nodes.items.product'])).toEqual([['me.mine.nodes.items.product', 'product', 10]]);
  });

  it('finds every place where a key is selected', () => {
    expect(at(['me.bookings'])).toEqual([
      ['me.bookings', 'bookings', 4],
      ['me.bookings', 'bookings', 5],
    ]);
  });

  it('leaves out what is not there, and looks into the named operation only', () => {
    expect(at(['me.orders', 'me.name'])).toEqual([]);
    expect(at(['me.name'], 'Other')).toEqual([['me.name', 'name', 13]]);
  });

  it('gives null for a text that is no GraphQL, and for an operation that is not in it', () => {
    expect(at(['me'], null, '{ me { ')).toBeUndefined();
    expect(at(['me'], 'Gone')).toBeUndefined();
    expect(at(['me'], null, '{ me { name } }')).toEqual([['me', 'me', 1]]);
  });

  it('ends on fragments that spread one another', () => {
    const loop = '{ me { ...A } } fragment A on User { ...B name } fragment B on User { ...A email }';
    expect(at(['me.name', 'me.email'], null, loop)).toHaveLength(2);
  });

  it('marks the alias alone where the name stands on another line', () => {
    expect(at(['mine'], null, '{\n  mine:\n    me { name }\n}')).toEqual([['mine', 'mine', 2]]);
  });
});
