/**
 * Says whether a value has the outline of what was promised: the required properties of the top object, and of
 * the first element of each list in it, each of the right kind.
 *
 * Where answers are not fully checked, this is what keeps a body of another shape from getting past the door.
 * It looks at a handful of properties whatever the length of the answer.
 */
export type Outline = (value: unknown) => boolean;

const anything: Outline = () => true;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The parts of a zod schema that an outline is drawn from. Other decoders have none. */
interface Drawable {
  readonly type: string;
  readonly shape: Readonly<Record<string, unknown>>;
  readonly element: unknown;
  readonly innerType: unknown;
}

function toDrawable(schema: unknown): Drawable | null {
  if (!isObject(schema) || !isObject(schema.def) || typeof schema.def.type !== 'string') return null;
  const { type, shape, element, innerType } = schema.def;
  return { type, shape: isObject(shape) ? shape : {}, element, innerType };
}

/** Draws the outline of a zod schema. Anything it does not know passes. */
export function toOutline(schema: unknown): Outline {
  return draw(schema, 2);
}

/** `depth` is how many levels of objects are looked into. */
function draw(schema: unknown, depth: number): Outline {
  const drawable = toDrawable(schema);
  switch (drawable?.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => typeof value === 'number';
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'nullable': {
      const inner = draw(drawable.innerType, depth);
      return (value) => value === null || inner(value);
    }
    case 'array': {
      const element = depth === 0 ? anything : draw(drawable.element, depth);
      return (value) => Array.isArray(value) && (value.length === 0 || element(value[0]));
    }
    case 'object': {
      const properties = Object.entries(drawable.shape).map(
        ([name, property]) => [name, depth === 0 ? anything : draw(property, depth - 1)] as const,
      );
      return (value) => {
        if (!isObject(value) || Array.isArray(value)) return false;
        for (const [name, property] of properties) if (!property(value[name])) return false;
        return true;
      };
    }
    default:
      return anything;
  }
}
