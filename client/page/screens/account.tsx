import { AccountDocument } from '../../src/generated/graphql.ts';
import { once, useScreen, useSession } from '../hooks.ts';
import { ScreenNote } from '../parts/notes.tsx';
import { day, money } from '../parts/words.ts';
import { weir, writeSession } from '../weir.ts';

/** What the viewer has ordered and booked. */
export function Account() {
  const session = useSession();
  const screen = useScreen(session?.token ?? '', (signal) =>
    once(weir.query(AccountDocument, {}, { signal })),
  );
  if (session === null) {
    return (
      <p>
        <a href="#/sign-in/account">Sign in</a> to see what you have ordered.
      </p>
    );
  }
  const me = screen.data?.me;
  return (
    <>
      <h1>{me?.name ?? session.name}</h1>
      <ScreenNote screen={screen} />
      {!me && screen.busy && <p role="status">Loading…</p>}
      <h2>Orders</h2>
      <ul className="rows">
        {me?.orders?.nodes.map((order) => (
          <li key={order.id} className="row">
            <span>
              <strong>
                {order.items
                  .map(({ product, quantity }) => `${quantity} × ${product?.name ?? 'a product'}`)
                  .join(', ')}
              </strong>
              <small>
                {day(order.placedAt)} · {order.status.toLowerCase()}
                {order.payment && ` · ${order.payment.status.toLowerCase()}`}
              </small>
            </span>
            <span className="price">{money(order.total)}</span>
          </li>
        ))}
      </ul>
      <h2>Bookings</h2>
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
                {booking.reference} · {booking.status.toLowerCase()}
              </small>
            </span>
            <span className="price">{money(booking.total)}</span>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => writeSession(null)}>
        Sign out
      </button>
    </>
  );
}
