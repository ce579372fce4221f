import {
  type GraphQLArgument,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { createRandom } from './random.ts';
import { worldSchemas } from './run.ts';

export interface RandomOperation {
  readonly source: string;
  readonly variables: Readonly<Record<string, boolean>>;
}

const FLAGS = ['v0', 'v1', 'v2'];
/** Types that random fragments are about. */
const FRAGMENT_TYPES = ['Person', 'Product', 'Order', 'Query'] as const;

/**
 * A random valid query on the small world, the same for the same seed: aliases, fragments that are used in
 * several places, types of unions and interfaces, lists, `@skip` and `@include`, keys that are absent or none.
 */
export function randomOperation(
  seed: number,
  { without = [] }: { readonly without?: readonly string[] } = {},
): RandomOperation {
  for (let attempt = 0; ; attempt += 1) {
    const operation = attemptAt(createRandom(seed * 1000 + attempt), without);
    if (validate(worldSchemas.bare, parse(operation.source)).length === 0) return operation;
  }
}

function attemptAt(random: () => number, without: readonly string[]): RandomOperation {
  const schema = worldSchemas.bare;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const id = (): string => String(1 + Math.floor(random() * 97));
  const flagged = new Set<string>();

  const value = ({ name, type }: GraphQLArgument): string => {
    const named = getNamedType(type).name;
    if (named === 'Int') return String(1 + Math.floor(random() * 4));
    if (name === 'name') return JSON.stringify(pick(['a', 'bb', 'ccc']));
    const one = (): string =>
      JSON.stringify(random() < 0.06 ? pick(['', '..', 'a/b', '%2e', '123456']) : id());
    return name === 'ids' ? `[${one()}, ${one()}, ${one()}]` : one();
  };

  /** The same alias for the same arguments, so that selections which meet can be merged. */
  const fieldText = (name: string, args: readonly GraphQLArgument[], isNode: boolean): string => {
    if (args.length === 0) return random() < 0.15 ? `${name}Too: ${name}` : name;
    if (args.every((arg) => arg.defaultValue !== undefined) && random() < 0.6) return name;
    const values = args.map((arg) => {
      const text = value(arg);
      return isNode ? text.replace(/"(\d+)"/g, (_, n: string) => `"${pick(['P', 'T', 'M'])}${n}"`) : text;
    });
    const alias = `${name}${random() < 0.1 ? '_' : ''}${values.join('').replace(/\W/g, '')}x`;
    return `${alias}: ${name}(${args.map((arg, i) => `${arg.name}: ${values[i]}`).join(', ')})`;
  };

  const condition = (): string => {
    if (random() > 0.12) return '';
    const flag = pick(FLAGS);
    flagged.add(flag);
    return ` @${pick(['include', 'skip'])}(if: $${flag})`;
  };

  const fragments = new Map<string, string>();

  const selection = (typeName: string, depth: number, inFragment: boolean): string => {
    const type = schema.getType(typeName);
    if (isAbstractType(type)) {
      const types = schema.getPossibleTypes(type);
      const parts = types
        .filter(() => random() < 0.8)
        .map((one) => `... on ${one.name}${condition()} ${selection(one.name, depth, inFragment)}`);
      return `{ __typename ${parts.join(' ')} }`;
    }
    if (!isObjectType(type)) throw new Error(`no fields in ${typeName}`);
    const fields = Object.values(type.getFields()).filter(({ name }) => !without.includes(name));
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)));
    const branches = fields.filter((field) => !leaves.includes(field));
    const chosen = [
      ...leaves.filter(() => random() < 0.5),
      ...(depth > 0 ? branches.filter(() => random() < 2 / branches.length) : []),
    ];
    const parts = chosen.map((field) => {
      const isNode = field.name === 'node' || field.name === 'nodes';
      const text = `${fieldText(field.name, field.args, isNode)}${condition()}`;
      const named = getNamedType(field.type);
      return isLeafType(named) ? text : `${text} ${selection(named.name, depth - 1, inFragment)}`;
    });
    if (!inFragment && random() < 0.35 && fragments.has(typeName))
      parts.push(`...Some${typeName}${condition()}`);
    if (random() < 0.2 && parts.length > 1) {
      const inner = parts.splice(0, Math.floor(parts.length / 2));
      parts.push(`... on ${typeName}${condition()} { ${inner.join(' ')} }`);
    }
    return `{ __typename ${parts.join(' ')} }`;
  };

  for (const type of FRAGMENT_TYPES) {
    if (random() < 0.6) fragments.set(type, `fragment Some${type} on ${type} ${selection(type, 2, true)}`);
  }
  const roots = Array.from({ length: 1 + Math.floor(random() * 2) }, () => selection('Query', 4, false));
  const body = roots.map((root) => `... on Query ${root}`).join(' ');
  const used = new Set(
    [...fragments].filter(([type]) => body.includes(`...Some${type}`)).map(([type]) => type),
  );
  const text = [...fragments].filter(([type]) => used.has(type)).map(([, fragment]) => fragment);
  const flags = FLAGS.filter((flag) => `${body}${text}`.includes(`$${flag}`));
  const head = flags.length > 0 ? `(${flags.map((flag) => `$${flag}: Boolean!`).join(', ')})` : '';
  return {
    source: [`query${head} { ${body} }`, ...text].join('\n'),
    variables: Object.fromEntries(flags.map((flag) => [flag, random() < 0.5])),
  };
}
