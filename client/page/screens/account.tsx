import { AccountDocument, type PaymentStatus } from '../../src/generated/graphql.ts';
import { useScreen, useSession } from '../hooks.ts';
import { Loading, ScreenNote } from '../parts/notes.tsx';
import { WorkflowProgress } from '../parts/progress.tsx';
import { day, money } from '../parts/words.ts';
import { weir } from '../weir.ts';

const PAID: Readonly<Record<PaymentStatus, string>> = {
  CAPTURED: 'paid',
  REFUNDED: 'paid back',
  DECLINED: 'payment declined',
};

/** How it was paid, as far as it has come: undefined while it is still on its way. */
export function paymentWords(
  payment: { readonly status: PaymentStatus } | null | undefined,
  busy: boolean,
): string {
  if (payment) return PAID[payment.status];
  return payment === undefined && busy ? '…' : 'not paid';
}

/** What the viewer has ordered and booked, and what is under way. */
export function Account() {
  const session = useSession();
  const screen = useScreen('account', (signal) => weir.stream(AccountDocument, {}, { signal }));
  if (session === null) {
    return (
      <>
        <h1>Account</h1>
        <p>
          <a href="#/sign-in/account">Sign in</a> to see what you have ordered.
        </p>
      </>
    );
  }
  const me = screen.data?.me;
  const unpaid = new Set(
    screen.errors.filter(({ path }) => path.at(-1) === 'payment').map(({ path }) => path[3]),
  );
  // What is on its way to the customer is told by the orders themselves.
  const underWay = [...(me?.waiting?.nodes ?? []), ...(me?.running?.nodes ?? [])].filter(
    ({ name }) => name !== 'fulfilOrder',
  );
  return (
    <>
      <h1>{me?.name ?? session.name}</h1>
      <ScreenNote screen={screen} />
      <Loading when={!me && screen.busy} />
      {underWay.length > 0 && <h2>Under way</h2>}
      {underWay.map((workflow) => (
        <WorkflowProgress key={workflow.id} first={workflow} onEnd={screen.retry} />
      ))}
      {me?.orders && <h2>Orders</h2>}
      {me?.orders?.nodes.length === 0 && <p>Nothing yet.</p>}
      <ul className="rows" aria-busy={screen.busy}>
        {me?.orders?.nodes.map((order, index) => (
          <li key={order.id} className="row">
            <span>
              <a href={`#/orders/${order.id}`}>
                {order.items
                  .map(({ product, quantity }) => `${quantity} × ${product?.name ?? 'a product'}`)
                  .join(', ')}
              </a>
              <small>
                {day(order.placedAt)} · {order.status.toLowerCase()}
                {!unpaid.has(index) && ` · ${paymentWords(order.payment, screen.busy)}`}
              </small>
            </span>
            <span className="price">{money(order.total)}</span>
          </li>
        ))}
      </ul>
      {me?.bookings && <h2>Bookings</h2>}
      {me?.bookings?.nodes.length === 0 && <p>Nothing yet.</p>}
      <ul className="rows">
        {me?.bookings?.nodes.map((booking) => (
          <li key={booking.id} className="row">
            <span>
              <strong>
                {booking.flight
                  ? `${booking.flight.origin?.city ?? '?'} – ${booking.flight.destination?.city ?? '?'}`
                  : `Booking ${booking.reference}`}
              </strong>
              <small>
                {booking.flight && `${day(booking.flight.departsAt)} · `}
                {booking.reference} · {booking.status.toLowerCase()} ·{' '}
                {booking.passengers.map(({ name }) => name).join(', ')}
              </small>
            </span>
            <span className="price">{money(booking.total)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
