import { useState } from 'react';
import { FlightSearchDocument, type FlightSearchQuery } from '../../src/generated/graphql.ts';
import { placeOf, usePlace, useScreen } from '../hooks.ts';
import { Loading, ScreenNote } from '../parts/notes.tsx';
import { between, money, timeAt } from '../parts/words.ts';
import { weir } from '../weir.ts';
import { BookingForm } from './booking-form.tsx';
import { FlightForm } from './flight-form.tsx';

type FoundFlight = NonNullable<FlightSearchQuery['flights']>['nodes'][number];

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Where to fly; the flights come first, and what they cost a moment later. */
export function Flights() {
  const { asked, whole } = usePlace();
  const search = {
    origin: asked.get('from') ?? 'LHR',
    destination: asked.get('to') ?? 'JFK',
    date: asked.get('day') ?? inDays(7),
  };
  const passengers = Math.min(9, Math.max(1, Number(asked.get('travellers')) || 1));
  const screen = useScreen(whole, (signal) =>
    weir.stream(FlightSearchDocument, { search, passengers }, { signal }),
  );
  const flights = screen.data?.flights;
  const count = flights?.totalCount ?? flights?.nodes.length ?? 0;
  return (
    <>
      <h1>Flights</h1>
      <FlightForm
        key={whole}
        airports={screen.data?.airports ?? []}
        search={search}
        travellers={passengers}
        days={{ first: inDays(0), last: inDays(59) }}
        onSearch={({ from, to, day, travellers }) => {
          location.hash = placeOf('/flights', { from, to, day, travellers });
        }}
      />
      <ScreenNote screen={screen} />
      <Loading when={!flights && screen.busy} />
      {flights && (
        <p role="status" className="count">
          {count === 0 ? 'No flights on this day. Try another.' : `${count} flights`}
        </p>
      )}
      <ul className="rows" aria-busy={screen.busy}>
        {flights?.nodes.map((flight) => (
          <FlightRow key={flight.id} flight={flight} busy={screen.busy} passengers={passengers} />
        ))}
      </ul>
    </>
  );
}

interface FlightRowProps {
  readonly flight: FoundFlight;
  /** Whether more may come of it. */
  readonly busy: boolean;
  readonly passengers: number;
}

function FlightRow({ flight, busy, passengers }: FlightRowProps) {
  const [chosen, setChosen] = useState(false);
  const { origin, destination, offer } = flight;
  const departs = timeAt(flight.departsAt, origin?.timeZone);
  return (
    <li>
      <div className="row">
        <span>
          <strong>
            {departs} – {timeAt(flight.arrivesAt, destination?.timeZone)}
          </strong>
          <small>
            {origin?.code} – {destination?.code} · {between(flight.departsAt, flight.arrivesAt)} ·{' '}
            {flight.airline} {flight.number}
          </small>
        </span>
        <span className="price">
          {offer ? (
            <>
              {money(offer.price)}
              <small className={offer.seatsLeft < 10 ? 'scarce' : undefined}>
                {offer.seatsLeft} seats left
              </small>
            </>
          ) : (
            <small>{offer === undefined && busy ? 'price to come…' : 'no price now'}</small>
          )}
        </span>
        <button
          type="button"
          className={chosen ? 'second' : undefined}
          disabled={!offer}
          aria-expanded={chosen}
          onClick={() => setChosen(!chosen)}
        >
          {chosen ? 'Close' : 'Choose'}
          <span className="visually-hidden">
            {' '}
            {flight.number} at {departs}
          </span>
        </button>
      </div>
      {chosen && offer && <BookingForm flightId={flight.id} offer={offer} count={passengers} />}
    </li>
  );
}
