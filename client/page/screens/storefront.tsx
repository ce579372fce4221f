import {
  type ProductCardFragment,
  type ProductSort,
  StorefrontDocument,
} from '../../src/generated/graphql.ts';
import { once, placeOf, usePlace, useScreen } from '../hooks.ts';
import { Loading, ScreenNote } from '../parts/notes.tsx';
import { Tile } from '../parts/tile.tsx';
import { money } from '../parts/words.ts';
import { weir } from '../weir.ts';

const SORTS: readonly (readonly [ProductSort, string])[] = [
  ['NAME', 'Name'],
  ['PRICE_ASC', 'Cheapest first'],
  ['PRICE_DESC', 'Dearest first'],
  ['NEWEST', 'Newest first'],
];

/** How many are left, as a shop says it. */
export function Stock({ stock }: Pick<ProductCardFragment, 'stock'>) {
  if (!stock) return <small>stock unknown right now</small>;
  if (stock.available === 0) return <small className="scarce">sold out</small>;
  return stock.available < 20 ? (
    <small className="scarce">only {stock.available} left</small>
  ) : (
    <small className="plenty">in stock</small>
  );
}

/** What is sold. */
export function Storefront() {
  const { asked, whole } = usePlace();
  const search = asked.get('search') ?? '';
  const sort = SORTS.find(([value]) => value === asked.get('sort'))?.[0] ?? 'NAME';
  const after = asked.get('after');
  const screen = useScreen(whole, (signal) =>
    once(weir.query(StorefrontDocument, { search: search || null, sort, after }, { signal })),
  );
  const go = (form: HTMLFormElement): void => {
    const said = new FormData(form);
    location.hash = placeOf('/', {
      search: String(said.get('search') ?? '').trim(),
      sort: String(said.get('sort')),
    });
  };
  const products = screen.data?.products;
  const count = products?.totalCount ?? products?.nodes.length ?? 0;
  return (
    <>
      <h1>Shop</h1>
      <search>
        <form
          key={`${search} ${sort}`}
          className="bar"
          onSubmit={(event) => {
            event.preventDefault();
            go(event.currentTarget);
          }}
        >
          <label>
            Search
            <input type="search" name="search" defaultValue={search} />
          </label>
          <label>
            Sort by
            <select name="sort" defaultValue={sort}>
              {SORTS.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          <button type="submit">Search</button>
        </form>
      </search>
      <ScreenNote screen={screen} />
      <Loading when={!products && screen.busy} />
      {products && (
        <p role="status" className="count">
          {count === 0 ? `Nothing found for “${search}”.` : `${count} product${count === 1 ? '' : 's'}`}
        </p>
      )}
      <ul className="cards" aria-busy={screen.busy}>
        {products?.nodes.map((product) => (
          <li key={product.id}>
            <a href={`#/products/${product.id}`} className="card">
              <Tile category={product.category} />
              <strong>{product.name}</strong>
              <span className="price">{money(product.price)}</span>
              <Stock stock={product.stock} />
            </a>
          </li>
        ))}
      </ul>
      <nav className="bar" aria-label="Pages">
        {after && (
          <a className="button second" href={placeOf('/', { search, sort })}>
            First page
          </a>
        )}
        {products?.pageInfo.hasNextPage && (
          <a
            className="button"
            href={placeOf('/', { search, sort, after: products.pageInfo.endCursor ?? null })}
            onClick={() => scrollTo(0, 0)}
          >
            Next page
          </a>
        )}
      </nav>
    </>
  );
}
