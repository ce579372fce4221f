import { Kind, parse, visit } from 'graphql';

/** A GraphQL request as it was sent. */
export interface SentRequest {
  /** The endpoint's whole address. */
  readonly url: string;
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const secretHeader = /^(authorization|proxy-authorization|cookie)$|token|secret|password|api-?key/i;
/** Credentials under whatever name: a scheme before them, or a JSON Web Token's first letters. */
const secretValue = /^(bearer|basic|digest|token) |^eyJ/i;
const secretName = /password|secret|token/i;

/**
 * A request as a command for a POSIX shell, without its secrets: header values that are some are read from the
 * shell's variables, such as `$AUTHORIZATION`, and passwords and tokens in the query and its variables give way
 * to their names in angle brackets.
 */
export function toCurl({ url, query, operationName, variables, headers }: SentRequest): string {
  const body = JSON.stringify({
    query: withoutSecretLiterals(query),
    ...(operationName !== null && { operationName }),
    ...(variables !== undefined && variables !== null && { variables: withoutSecretValues(variables) }),
  });
  const lines = Object.entries(headers)
    .filter(([name]) => !['content-type', 'accept'].includes(name.toLowerCase()))
    .map(([name, value]) => `-H ${headerArgument(name.toLowerCase(), value)}`);
  return [
    `curl ${quoted(url)}`,
    "-H 'content-type: application/json'",
    ...lines,
    `--data-raw ${quoted(body)}`,
  ].join(' \\\n  ');
}

/** A value with everything below a secret's name replaced, at any depth. */
export function withoutSecretValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretValues);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      secretName.test(name) ? `<${name}>` : withoutSecretValues(inner),
    ]),
  );
}

/** A document with the string literals of arguments and input fields with a secret's name replaced. */
export function withoutSecretLiterals(query: string): string {
  const cuts: { from: number; to: number; name: string }[] = [];
  const cut = (name: string) => ({
    enter: ({ loc }: { loc?: { start: number; end: number } }) => {
      if (loc) cuts.push({ from: loc.start, to: loc.end, name });
    },
  });
  try {
    visit(parse(query), {
      enter(node) {
        if (node.kind !== Kind.ARGUMENT && node.kind !== Kind.OBJECT_FIELD) return;
        if (secretName.test(node.name.value)) visit(node.value, { StringValue: cut(node.name.value) });
      },
    });
  } catch {
    // What is no GraphQL may hold anything, and was not answered either.
    return '<a query that could not be read>';
  }
  return cuts
    .sort((a, b) => b.from - a.from)
    .reduce((text, { from, to, name }) => `${text.slice(0, from)}"<${name}>"${text.slice(to)}`, query);
}

/** In double quotes where the shell is to fill in a variable, and in single quotes otherwise. */
function headerArgument(name: string, value: string): string {
  if (!secretHeader.test(name) && !secretValue.test(value)) return quoted(`${name}: ${value}`);
  const variable = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  const scheme = name === 'authorization' ? (/^(\w+) /.exec(value)?.[0] ?? '') : '';
  return `"${name}: ${scheme}$${variable === 'AUTHORIZATION' ? 'WEIR_TOKEN' : variable}"`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
