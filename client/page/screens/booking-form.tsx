import { useState } from 'react';
import { BookFlightDocument, type ProblemNoteFragment } from '../../src/generated/graphql.ts';
import { usePlace, useSession } from '../hooks.ts';
import { PayWith } from '../parts/pay-with.tsx';
import { useWrite } from '../parts/use-write.ts';
import { money } from '../parts/words.ts';
import { WhatCameOfIt } from '../parts/written.tsx';
import { weir } from '../weir.ts';

export interface Offer {
  readonly token: string;
  readonly price: { readonly amount: string; readonly currency: string };
}

export interface BookingFormProps {
  readonly flightId: string;
  readonly offer: Offer;
  readonly count: number;
}

/** The price that takes the place of one that has run out. */
function newOfferOf(problems: readonly ProblemNoteFragment[]): Offer | null {
  const expired = problems.find((problem) => problem.__typename === 'OfferExpired');
  return expired?.offer ?? null;
}

/** Who flies, and the button that books. */
export function BookingForm({ flightId, offer: first, count }: BookingFormProps) {
  const session = useSession();
  const { whole } = usePlace();
  const [offer, setOffer] = useState(first);
  const [names, setNames] = useState<readonly string[]>(() => Array<string>(count).fill(''));
  const [paymentToken, setPaymentToken] = useState('tok_ok');
  const input = {
    flightId,
    offerToken: offer.token,
    passengers: names.map((name) => ({ name })),
    paymentToken,
    wait: false,
  };
  const booking = useWrite(JSON.stringify(input), async (idempotencyKey) => {
    const { data } = await weir.mutate(BookFlightDocument, input, { idempotencyKey });
    return data.bookFlight;
  });
  if (session === null) {
    return (
      <p>
        <a href={`#/sign-in${whole}`}>Sign in</a> to book it.
      </p>
    );
  }
  const newOffer = newOfferOf(booking.end?.problems ?? booking.written?.problems ?? []);
  const isNew = newOffer !== null && newOffer.token !== offer.token;
  return (
    <div className="booking">
      {!booking.busy && booking.end?.status !== 'SUCCEEDED' && (
        <form
          className="bar"
          onSubmit={(event) => {
            event.preventDefault();
            booking.run();
          }}
        >
          {names.map((name, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: seats have no other name than their number.
            <label key={index}>
              Traveller {index + 1}, as in the passport
              <input
                required
                value={name}
                autoComplete={index === 0 ? 'name' : 'off'}
                onChange={(event) =>
                  setNames(names.map((one, at) => (at === index ? event.target.value : one)))
                }
              />
            </label>
          ))}
          <PayWith card={paymentToken} onChange={setPaymentToken} />
          {isNew ? (
            // Keys of their own: one element that turned into the other would submit by the very same click.
            <button key="take" type="button" onClick={() => setOffer(newOffer)}>
              Take the new price, {money(newOffer.price)}
            </button>
          ) : (
            <button key="book" type="submit">
              Book for {money(offer.price)}
            </button>
          )}
        </form>
      )}
      {booking.busy && !booking.written && <p role="status">Booking…</p>}
      <WhatCameOfIt write={booking} />
    </div>
  );
}
