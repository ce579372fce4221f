import { useState } from 'react';
import { PlaceOrderDocument, ProductScreenDocument } from '../../src/generated/graphql.ts';
import { once, useScreen, useSession } from '../hooks.ts';
import { Loading, ScreenNote } from '../parts/notes.tsx';
import { PayWith } from '../parts/pay-with.tsx';
import { Tile } from '../parts/tile.tsx';
import { useWrite } from '../parts/use-write.ts';
import { money } from '../parts/words.ts';
import { WhatCameOfIt } from '../parts/written.tsx';
import { weir } from '../weir.ts';
import { Stock } from './storefront.tsx';

/** One product, and the button that buys it. */
export function ProductScreen({ id }: { readonly id: string }) {
  const session = useSession();
  const screen = useScreen(id, (signal) => once(weir.query(ProductScreenDocument, { id }, { signal })));
  const [quantity, setQuantity] = useState(1);
  const [paymentToken, setPaymentToken] = useState('tok_ok');
  const input = { items: [{ productId: id, quantity }], paymentToken, wait: false };
  const buying = useWrite(JSON.stringify(input), async (idempotencyKey) => {
    const { data } = await weir.mutate(PlaceOrderDocument, input, { idempotencyKey });
    return data.placeOrder;
  });
  const product = screen.data?.product;
  const bought = buying.end?.status === 'SUCCEEDED';
  return (
    <>
      <p>
        <a href="#/">← Shop</a>
      </p>
      <ScreenNote screen={screen} />
      {screen.data && screen.errors.length === 0 && !product && <h1>There is no such product</h1>}
      <Loading when={!screen.data && screen.busy} />
      {product && (
        <article className="product">
          <Tile category={product.category} />
          <div>
            <h1>{product.name}</h1>
            <p>{product.description}</p>
            <p className="price large">{money(product.price)}</p>
            <p>
              <Stock stock={product.stock} />
            </p>
            {session === null && (
              <p>
                <a href={`#/sign-in/products/${id}`}>Sign in</a> to buy it.
              </p>
            )}
            {session !== null && !buying.busy && !bought && (
              <form
                className="bar"
                onSubmit={(event) => {
                  event.preventDefault();
                  buying.run();
                }}
              >
                <label>
                  How many
                  <input
                    type="number"
                    required
                    min="1"
                    max="99"
                    value={quantity}
                    onChange={(event) => setQuantity(Number(event.target.value))}
                  />
                </label>
                <PayWith card={paymentToken} onChange={setPaymentToken} />
                <button type="submit">Buy</button>
              </form>
            )}
            {buying.busy && !buying.written && <p role="status">Ordering…</p>}
            <WhatCameOfIt write={buying} />
          </div>
        </article>
      )}
    </>
  );
}
