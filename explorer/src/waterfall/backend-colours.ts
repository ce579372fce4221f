/** How many colours the palette has: `--weir-backend-0` and so on in the stylesheet. */
export const paletteSize = 12;

/** A backend's place in the palette. */
export type ColourOf = (backend: string) => number;

/**
 * Gives each backend a colour when it is first seen, in the palette's order (neighbours differ most), and the
 * same one from then on, so that a colour means one thing from run to run.
 */
export function createBackendColours(): ColourOf {
  const places = new Map<string, number>();
  return (backend) => {
    const place = places.get(backend) ?? places.size % paletteSize;
    places.set(backend, place);
    return place;
  };
}
