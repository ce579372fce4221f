/** Cards of the demo's payments backend. */
const CARDS: readonly (readonly [string, string])[] = [
  ['tok_ok', 'a card that works'],
  ['tok_declined', 'a card that is declined'],
  ['tok_flaky', 'a card at a shaky bank'],
];

export interface PayWithProps {
  readonly card: string;
  readonly onChange: (card: string) => void;
}

/** Which card to pay with. */
export function PayWith({ card, onChange }: PayWithProps) {
  return (
    <label>
      Pay with
      <select value={card} onChange={(event) => onChange(event.target.value)}>
        {CARDS.map(([token, label]) => (
          <option key={token} value={token}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
