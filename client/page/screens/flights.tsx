import { useState } from 'react';
import { FlightSearchDocument } from '../../src/generated/graphql.ts';
import { useScreen } from '../hooks.ts';
import { ScreenNote } from '../parts/notes.tsx';
import { money, timeAt } from '../parts/words.ts';
import { weir } from '../weir.ts';
import { BookingForm } from './booking-form.tsx';

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Where to fly; the flights come first, and what they cost a moment later. */
export function Flights() {
  const [asked, setAsked] = useState({ origin: 'LHR', destination: 'JFK', date: inDays(7), passengers: 1 });
  const [form, setForm] = useState(asked);
  const [chosen, setChosen] = useState<string | null>(null);
  const { passengers, ...search } = asked;
  const screen = useScreen(JSON.stringify(asked), (signal) =>
    weir.stream(FlightSearchDocument, { search, passengers }, { signal }),
  );
  const airports = screen.data?.airports ?? [];
  const flights = screen.data?.flights;
  const place = (name: 'origin' | 'destination', label: string) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: it has one of two controls.
    <label>
      {label}
      {airports.length > 0 ? (
        <select value={form[name]} onChange={(event) => setForm({ ...form, [name]: event.target.value })}>
          {airports.map(({ code, city }) => (
            <option key={code} value={code}>
              {city} ({code})
            </option>
          ))}
        </select>
      ) : (
        <input
          value={form[name]}
          maxLength={3}
          onChange={(event) => setForm({ ...form, [name]: event.target.value.toUpperCase() })}
        />
      )}
    </label>
  );
  return (
    <>
      <h1>Flights</h1>
      <search>
        <form
          className="bar"
          onSubmit={(event) => {
            event.preventDefault();
            setChosen(null);
            setAsked(form);
          }}
        >
          {place('origin', 'From')}
          {place('destination', 'To')}
          <label>
            Day
            <input
              type="date"
              required
              min={inDays(0)}
              max={inDays(59)}
              value={form.date}
              onChange={(event) => setForm({ ...form, date: event.target.value })}
            />
          </label>
          <label>
            Travellers
            <input
              type="number"
              min="1"
              max="9"
              value={form.passengers}
              onChange={(event) => setForm({ ...form, passengers: Number(event.target.value) })}
            />
          </label>
          <button type="submit">Search</button>
        </form>
      </search>
      <ScreenNote screen={screen} />
      <p role="status" className="count">
        {flights ? `${flights.totalCount ?? flights.nodes.length} flights` : screen.busy ? 'Searching…' : ''}
      </p>
      <ul className="rows" aria-busy={screen.busy}>
        {flights?.nodes.map((flight) => (
          <li key={flight.id}>
            <div className="row">
              <span>
                <strong>
                  {timeAt(flight.departsAt, flight.origin?.timeZone)} –{' '}
                  {timeAt(flight.arrivesAt, flight.destination?.timeZone)}
                </strong>
                <small>
                  {flight.airline} {flight.number}
                </small>
              </span>
              <span className="price">
                {flight.offer ? (
                  <>
                    {money(flight.offer.price)}
                    <small>{flight.offer.seatsLeft} seats left</small>
                  </>
                ) : (
                  <small>
                    {flight.offer === undefined && screen.busy ? 'price to come…' : 'no price now'}
                  </small>
                )}
              </span>
              <button
                type="button"
                disabled={!flight.offer}
                aria-expanded={chosen === flight.id}
                onClick={() => setChosen(chosen === flight.id ? null : flight.id)}
              >
                Choose
              </button>
            </div>
            {chosen === flight.id && flight.offer && (
              <BookingForm flightId={flight.id} offer={flight.offer} count={passengers} />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
