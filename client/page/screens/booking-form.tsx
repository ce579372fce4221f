import { useState } from 'react';
import { BookFlightDocument } from '../../src/generated/graphql.ts';
import { useSession } from '../hooks.ts';
import { Problems } from '../parts/notes.tsx';
import { WorkflowProgress } from '../parts/progress.tsx';
import { useWrite } from '../parts/use-write.ts';
import { money } from '../parts/words.ts';
import { weir } from '../weir.ts';

export interface BookingFormProps {
  readonly flightId: string;
  readonly offer: {
    readonly token: string;
    readonly price: { readonly amount: string; readonly currency: string };
  };
  readonly count: number;
}

/** Who flies, and the button that books. */
export function BookingForm({ flightId, offer, count }: BookingFormProps) {
  const session = useSession();
  const [names, setNames] = useState<readonly string[]>(() => Array<string>(count).fill(''));
  const input = {
    flightId,
    offerToken: offer.token,
    passengers: names.map((name) => ({ name })),
    paymentToken: 'tok_ok',
    wait: false,
  };
  const booking = useWrite(JSON.stringify(input), async (idempotencyKey) => {
    const { data } = await weir.mutate(BookFlightDocument, input, { idempotencyKey });
    return data.bookFlight;
  });
  if (session === null) {
    return (
      <p>
        <a href="#/sign-in/flights">Sign in</a> to book it.
      </p>
    );
  }
  const workflow = booking.written?.workflow;
  return (
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
            autoComplete="name"
            onChange={(event) => setNames(names.map((one, at) => (at === index ? event.target.value : one)))}
          />
        </label>
      ))}
      <button type="submit" disabled={booking.busy}>
        {booking.busy ? 'Booking…' : `Book for ${money(offer.price)}`}
      </button>
      {booking.apology && (
        <p className="note" role="alert">
          {booking.apology} Press the button again: it is booked once.
        </p>
      )}
      {booking.written && <Problems problems={booking.written.problems} />}
      {workflow && <WorkflowProgress key={workflow.id} first={workflow} />}
    </form>
  );
}
