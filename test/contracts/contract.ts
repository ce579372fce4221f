import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** Whose call an endpoint takes: see `securitySchemes` of the contracts. */
export type Access = 'public' | 'optional' | 'caller' | 'machine';

/** What a caller calls: an operation, or one of several that share a path and a method. */
export interface ContractEndpoint {
  /** As in `src/backends.ts`, where the gateway calls it. */
  readonly name: string;
  readonly operation: ContractOperation;
  readonly access: Access;
  /** The query parameters that tell it from others on its path. */
  readonly by: readonly string[];
  /** The name of the schema of its answer. */
  readonly answer: string;
}

export interface ContractOperation {
  readonly backend: string;
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly endpoints: readonly ContractEndpoint[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly maxItems: number | null;
  }[];
  /** By status: `200`. */
  readonly responses: ReadonlyMap<number, ContractResponse>;
}

export interface ContractResponse {
  /** Null where there is no body. */
  readonly content: { readonly type: string; readonly schema: object } | null;
  readonly headers: ReadonlyMap<string, { readonly required: boolean; readonly schema: object }>;
  /** The last segments of the types of the problems that it can hold; none for a success. */
  readonly problems: readonly string[];
}

export interface Contract {
  readonly backend: string;
  /** The document as it stands. */
  readonly document: unknown;
  readonly schemas: Readonly<Record<string, object>>;
  readonly operations: readonly ContractOperation[];
}

const folder = new URL('../../contracts/', import.meta.url);
const suffix = '.openapi.yaml';

const zRequirement = z.partialRecord(z.enum(['viewer', 'machine']), z.array(z.string()));
const zReference = z.strictObject({ $ref: z.string() });
const zObject = z.record(z.string(), z.unknown());
const zParameter = z.object({
  name: z.string(),
  in: z.string(),
  schema: z.object({ maxItems: z.int().optional() }),
});
const zHeader = z.object({ required: z.boolean().default(false), schema: zObject });
const zResponse = z.object({
  description: z.string(),
  headers: z.record(z.string(), z.unknown()).default({}),
  content: z.record(z.string(), z.object({ schema: zObject })).default({}),
});
const zOperation = z.object({
  operationId: z.string(),
  summary: z.string(),
  security: z.array(zObject),
  'x-endpoints': z
    .array(
      z.strictObject({
        name: z.string(),
        by: z.array(z.string()).default([]),
        optional: z.array(z.string()).default([]),
        security: z.array(zObject).optional(),
        answer: z.string().startsWith('#/components/schemas/'),
      }),
    )
    .optional(),
  parameters: z.array(zObject).default([]),
  responses: z.record(z.string(), zObject),
});
const zDocument = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post']), zOperation)),
  components: z.object({ schemas: z.record(z.string(), zObject) }),
});

/** Every contract of the folder, by the name of its backend. */
export function readContracts(): ReadonlyMap<string, Contract> {
  const files = readdirSync(folder).filter((file) => file.endsWith(suffix));
  return new Map(files.map((file) => [file.slice(0, -suffix.length), readContract(file)]));
}

function readContract(file: string): Contract {
  const backend = file.slice(0, -suffix.length);
  const document: unknown = parse(readFileSync(new URL(file, folder), 'utf8'));
  const { paths, components } = zDocument.parse(document);
  const resolve = (node: unknown): unknown => {
    const reference = zReference.safeParse(node);
    return reference.success ? resolve(nodeAt(document, reference.data.$ref)) : node;
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => toOperation(backend, path, method, operation, resolve)),
  );
  return { backend, document, schemas: components.schemas, operations };
}

function toOperation(
  backend: string,
  path: string,
  method: string,
  source: z.infer<typeof zOperation>,
  resolve: (node: unknown) => unknown,
): ContractOperation {
  const endpoints: ContractEndpoint[] = [];
  const operation: ContractOperation = {
    backend,
    id: source.operationId,
    method: method === 'get' ? 'GET' : 'POST',
    path,
    endpoints,
    parameters: source.parameters.map((parameter) => {
      const { schema, ...rest } = zParameter.parse(resolve(parameter));
      return { ...rest, maxItems: schema.maxItems ?? null };
    }),
    responses: new Map(
      Object.entries(source.responses).map(([status, response]) => [
        Number(status),
        toResponse(response, resolve),
      ]),
    ),
  };
  const named = source['x-endpoints'] ?? [{ name: source.operationId, by: [], answer: answerOf(operation) }];
  for (const { name, by, answer, ...own } of named) {
    const access = accessOf(('security' in own ? own.security : undefined) ?? source.security);
    endpoints.push({ name, operation, access, by, answer: answer.replace('#/components/schemas/', '') });
  }
  return operation;
}

function toResponse(node: unknown, resolve: (node: unknown) => unknown): ContractResponse {
  const { headers, content } = zResponse.parse(resolve(node));
  const [body] = Object.entries(content);
  const isProblem = body?.[0] === 'application/problem+json';
  return {
    problems: isProblem ? problemsIn(body[1].schema, resolve) : [],
    content: body ? { type: body[0], schema: body[1].schema } : null,
    headers: new Map(
      Object.entries(headers).map(([name, header]) => [name.toLowerCase(), zHeader.parse(resolve(header))]),
    ),
  };
}

/** Each kind of problem fixes its `type`, in a schema of its own or beside the reference to the common one. */
function problemsIn(schema: object, resolve: (node: unknown) => unknown): string[] {
  if ('anyOf' in schema)
    return z
      .array(zObject)
      .parse(schema.anyOf)
      .flatMap((kind) => problemsIn(kind, resolve));
  const text = JSON.stringify([schema, '$ref' in schema ? resolve({ $ref: schema.$ref }) : null]);
  return [...text.matchAll(/"const":"https:\/\/weir\.example\/problems\/([a-z-]+)"/g)].map(
    ([, slug = '']) => slug,
  );
}

/** The schema of the only answer of an operation that stands for itself. */
function answerOf(operation: ContractOperation): string {
  const success = [...operation.responses].find(([status]) => status < 300)?.[1];
  return zReference.parse(success?.content?.schema).$ref;
}

function accessOf(requirements: readonly object[]): Access {
  const parsed = z
    .array(zRequirement)
    .parse(requirements)
    .map((requirement) => Object.keys(requirement).join());
  if (parsed.length === 0) return 'public';
  if (parsed.includes('')) return 'optional';
  return parsed.includes('viewer') ? 'caller' : 'machine';
}

function nodeAt(document: unknown, reference: string): unknown {
  return reference
    .replace('#/', '')
    .split('/')
    .reduce<unknown>((node, name) => zObject.parse(node)[name], document);
}
