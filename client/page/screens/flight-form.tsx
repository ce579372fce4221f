/** What a reader looks for, as the address keeps it. */
export interface FlightWish {
  readonly from: string;
  readonly to: string;
  readonly day: string;
  readonly travellers: string;
}

export interface FlightFormProps {
  /** Empty where they have not come, or cannot be had: then codes are typed. */
  readonly airports: readonly { readonly code: string; readonly city: string }[];
  readonly search: { readonly origin: string; readonly destination: string; readonly date: string };
  readonly travellers: number;
  readonly days: { readonly first: string; readonly last: string };
  readonly onSearch: (wish: FlightWish) => void;
}

/** From where to where, when, and how many. */
export function FlightForm({ airports, search, travellers, days, onSearch }: FlightFormProps) {
  const airport = (name: 'from' | 'to', label: string, code: string) => (
    // biome-ignore lint/a11y/noLabelWithoutControl: it has one of two controls.
    <label>
      {label}
      {airports.length > 0 ? (
        <select name={name} defaultValue={code}>
          {airports.map(({ code, city }) => (
            <option key={code} value={code}>
              {city} ({code})
            </option>
          ))}
        </select>
      ) : (
        <input
          name={name}
          defaultValue={code}
          required
          pattern="[A-Za-z]{3}"
          title="An airport’s three letters"
        />
      )}
    </label>
  );
  return (
    <search>
      <form
        className="bar"
        onSubmit={(event) => {
          event.preventDefault();
          const said = new FormData(event.currentTarget);
          const text = (name: string): string => String(said.get(name) ?? '');
          onSearch({
            from: text('from').toUpperCase(),
            to: text('to').toUpperCase(),
            day: text('day'),
            travellers: text('travellers'),
          });
        }}
      >
        {airport('from', 'From', search.origin)}
        {airport('to', 'To', search.destination)}
        <label>
          Day
          <input
            type="date"
            name="day"
            required
            min={days.first}
            max={days.last}
            defaultValue={search.date}
          />
        </label>
        <label>
          Travellers
          <input type="number" name="travellers" required min="1" max="9" defaultValue={travellers} />
        </label>
        <button type="submit">Search</button>
      </form>
    </search>
  );
}
