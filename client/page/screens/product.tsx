import { useState } from 'react';
import { PlaceOrderDocument, ProductScreenDocument } from '../../src/generated/graphql.ts';
import { once, useScreen, useSession } from '../hooks.ts';
import { Problems, ScreenNote } from '../parts/notes.tsx';
import { WorkflowProgress } from '../parts/progress.tsx';
import { useWrite } from '../parts/use-write.ts';
import { money } from '../parts/words.ts';
import { weir } from '../weir.ts';
import { stockWords } from './storefront.tsx';

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
  const workflow = buying.written?.workflow;
  return (
    <>
      <p>
        <a href="#/">← Shop</a>
      </p>
      <ScreenNote screen={screen} />
      {screen.data && !product && <h1>There is no such product</h1>}
      {!screen.data && screen.busy && <p role="status">Loading…</p>}
      {product && (
        <article>
          <h1>{product.name}</h1>
          <p>{product.description}</p>
          <p className="price">{money(product.price)}</p>
          <p>{stockWords(product.stock)}</p>
          {session === null ? (
            <p>
              <a href={`#/sign-in/products/${id}`}>Sign in</a> to buy it.
            </p>
          ) : (
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
                  min="1"
                  max="99"
                  value={quantity}
                  onChange={(event) => setQuantity(Number(event.target.value))}
                />
              </label>
              <label>
                Pay with
                <select value={paymentToken} onChange={(event) => setPaymentToken(event.target.value)}>
                  <option value="tok_ok">a card that works</option>
                  <option value="tok_declined">a card that is declined</option>
                  <option value="tok_flaky">a card at a shaky bank</option>
                </select>
              </label>
              <button type="submit" disabled={buying.busy}>
                {buying.busy ? 'Ordering…' : 'Buy'}
              </button>
            </form>
          )}
          {buying.apology && (
            <p className="note" role="alert">
              {buying.apology} Press the button again: it is ordered once.
            </p>
          )}
          {buying.written && <Problems problems={buying.written.problems} />}
          {workflow && <WorkflowProgress key={workflow.id} first={workflow} />}
        </article>
      )}
    </>
  );
}
