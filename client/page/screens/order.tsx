import { CancelOrderDocument, OrderScreenDocument } from '../../src/generated/graphql.ts';
import { useScreen } from '../hooks.ts';
import { Loading, ScreenNote } from '../parts/notes.tsx';
import { useWrite } from '../parts/use-write.ts';
import { day, money } from '../parts/words.ts';
import { WhatCameOfIt } from '../parts/written.tsx';
import { weir } from '../weir.ts';
import { paymentWords } from './account.tsx';

/** One order, how it was paid, and the button that calls it off. */
export function OrderScreen({ id }: { readonly id: string }) {
  const cancelling = useWrite(id, async (idempotencyKey) => {
    const { data } = await weir.mutate(CancelOrderDocument, { orderId: id }, { idempotencyKey });
    return data.cancelOrder;
  });
  // Read again when it has been called off.
  const screen = useScreen(`${id} ${cancelling.end?.status}`, (signal) =>
    weir.stream(OrderScreenDocument, { id }, { signal }),
  );
  const order = screen.data?.order;
  const cancellable = order?.status === 'PENDING' || order?.status === 'CONFIRMED';
  return (
    <>
      <p>
        <a href="#/account">← Account</a>
      </p>
      <ScreenNote screen={screen} />
      {screen.data && screen.errors.length === 0 && !order && <h1>You have no such order</h1>}
      <Loading when={!screen.data && screen.busy} />
      {order && (
        <article>
          <h1>
            Order of {day(order.placedAt)}{' '}
            <span className="badge" data-status={order.status}>
              {order.status.toLowerCase()}
            </span>
          </h1>
          <ul className="rows">
            {order.items.map(({ quantity, unitPrice, product }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an order's lines stay where they are.
              <li key={index} className="row">
                <span>
                  {quantity} ×{' '}
                  {product ? <a href={`#/products/${product.id}`}>{product.name}</a> : 'a product'}
                </span>
                <span className="price">{money(unitPrice)}</span>
              </li>
            ))}
            <li className="row">
              <span>
                <strong>Together</strong>
                <small>{paymentWords(order.payment, screen.busy)}</small>
              </span>
              <strong className="price">{money(order.total)}</strong>
            </li>
          </ul>
          {cancellable && !cancelling.busy && cancelling.end === null && (
            <button type="button" className="second" onClick={cancelling.run}>
              Cancel this order
            </button>
          )}
          {cancelling.busy && !cancelling.written && <p role="status">Cancelling…</p>}
          <WhatCameOfIt write={cancelling} />
        </article>
      )}
    </>
  );
}
