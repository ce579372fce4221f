/** A picture for what has none: a colour for each category. */
export function Tile({ category }: { readonly category: string }) {
  let hue = 0;
  for (const letter of category) hue = (hue * 31 + letter.charCodeAt(0)) % 360;
  return (
    <span className="tile" style={{ '--hue': hue } as React.CSSProperties}>
      {category}
    </span>
  );
}
