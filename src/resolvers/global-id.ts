/** The types that have global ids, by the names they have in the schema. */
const nodeTypes = ['User', 'Product', 'Order', 'Payment', 'Flight', 'Booking', 'Workflow'] as const;

export type NodeType = (typeof nodeTypes)[number];

/** Whether objects of this type can be asked for by id alone. */
export function isNodeType(name: string): name is NodeType {
  return nodeTypes.some((type) => type === name);
}

/** `Product:42` from a type and a backend's own id. */
export function toGlobalId(type: NodeType, rawId: string): string {
  return `${type}:${rawId}`;
}

/**
 * The backend's own id from a global one of the wanted type, or null where it is none.
 *
 * Backends make ids of letters, digits, `-` and `_` only; what has anything else in it never existed, and is not
 * asked for.
 */
export function toRawId(type: NodeType, globalId: string): string | null {
  const prefix = `${type}:`;
  if (!globalId.startsWith(prefix)) return null;
  const rawId = globalId.slice(prefix.length);
  return isRawId(rawId) ? rawId : null;
}

/** Whether a backend could have made this id: 1 to 64 letters, digits, `-` and `_`. */
export function isRawId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}
