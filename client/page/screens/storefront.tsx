import { useState } from 'react';
import {
  type ProductCardFragment,
  type ProductSort,
  StorefrontDocument,
} from '../../src/generated/graphql.ts';
import { once, useScreen } from '../hooks.ts';
import { ScreenNote } from '../parts/notes.tsx';
import { money } from '../parts/words.ts';
import { weir } from '../weir.ts';

const SORTS: readonly (readonly [ProductSort, string])[] = [
  ['NAME', 'Name'],
  ['PRICE_ASC', 'Cheapest first'],
  ['PRICE_DESC', 'Dearest first'],
  ['NEWEST', 'Newest first'],
];

/** How many are left, as a shop says it. */
export function stockWords(stock: ProductCardFragment['stock']): string {
  if (!stock) return 'stock unknown right now';
  if (stock.available === 0) return 'sold out';
  return stock.available < 20 ? `only ${stock.available} left` : 'in stock';
}

/** What is sold. */
export function Storefront() {
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<ProductSort>('NAME');
  const [after, setAfter] = useState<string | null>(null);
  const screen = useScreen(`${search} ${sort} ${after}`, (signal) =>
    once(weir.query(StorefrontDocument, { search: search || null, sort, after }, { signal })),
  );
  const products = screen.data?.products;
  return (
    <>
      <h1>Shop</h1>
      <search>
        <form
          className="bar"
          onSubmit={(event) => {
            event.preventDefault();
            setAfter(null);
            setSearch(typed.trim());
          }}
        >
          <label>
            Search
            <input type="search" value={typed} onChange={(event) => setTyped(event.target.value)} />
          </label>
          <label>
            Order
            <select
              value={sort}
              onChange={(event) => {
                setAfter(null);
                setSort(SORTS.find(([value]) => value === event.target.value)?.[0] ?? 'NAME');
              }}
            >
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
      <p role="status" className="count">
        {products
          ? `${products.totalCount ?? products.nodes.length} products`
          : screen.busy
            ? 'Loading…'
            : ''}
      </p>
      <ul className="cards" aria-busy={screen.busy}>
        {products?.nodes.map((product) => (
          <li key={product.id}>
            <a href={`#/products/${product.id}`} className="card">
              <strong>{product.name}</strong>
              <span>{product.category}</span>
              <span className="price">{money(product.price)}</span>
              <small>{stockWords(product.stock)}</small>
            </a>
          </li>
        ))}
      </ul>
      {products?.pageInfo.hasNextPage && (
        <button type="button" onClick={() => setAfter(products.pageInfo.endCursor ?? null)}>
          Next page
        </button>
      )}
    </>
  );
}
