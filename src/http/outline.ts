/**
 * Says whether a value has the outline of what was promised: every object and list where one must be, and the leaves
 * of the top object, and of the first element of each list in it, each of the right kind.
 *
 * Where answers are not fully checked, this is what keeps a body of another shape from getting past the door, and
 * resolvers from meeting a null where a row must be. It looks at a handful of properties, and at the objects in lists.
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

/**
 * Draws the outline of a zod schema. Anything it does not know passes. `key` is the property by which rows are found
 * again, and so has to be a text in every one of them.
 */
export function toOutline(schema: unknown, key: string | null = null): Outline {
  const outline = draw(schema, 2);
  const bones = drawBones(schema, key, 4) ?? anything;
  return (value) => outline(value) && bones(value);
}

/** Whether there is an object or a list wherever one must be, in every element of a list; null where none must be. */
function drawBones(schema: unknown, key: string | null, depth: number): Outline | null {
  const drawable = depth === 0 ? null : toDrawable(schema);
  switch (drawable?.type) {
    case 'nullable': {
      const inner = drawBones(drawable.innerType, key, depth);
      return inner && ((value) => value === null || inner(value));
    }
    case 'array': {
      const element = drawBones(drawable.element, key, depth);
      return (value) => Array.isArray(value) && (element === null || value.every(element));
    }
    case 'object': {
      const keyed = key !== null && toDrawable(drawable.shape[key])?.type === 'string' ? key : null;
      const properties = Object.entries(drawable.shape).flatMap(([name, property]) => {
        const bones = drawBones(property, key, depth - 1);
        return bones ? [[name, bones] as const] : [];
      });
      return (value) => {
        if (!isObject(value) || Array.isArray(value)) return false;
        if (keyed !== null && typeof value[keyed] !== 'string') return false;
        for (const [name, bones] of properties) if (!bones(value[name])) return false;
        return true;
      };
    }
    default:
      return null;
  }
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
