import { z } from 'zod';
import { type Answer, ok } from './answer.ts';
import type { Caller } from './identity.ts';
import { Problem } from './problem.ts';

/**
 * Whose call a route takes: anybody's, without a look at the token (`public`); anybody's, but a token that is
 * there has to be good (`optional`); a user's or a machine's (`caller`); a machine's only (`machine`).
 */
export type Access = 'public' | 'optional' | 'caller' | 'machine';

/** How long an answer about a person may be kept, and by whom: only by who asked. */
export const personal = 'private, max-age=5';

/** What nobody may keep. */
export const noStore = 'no-store';

/** What every handler is told. */
export interface Asked {
  readonly caller: Caller;
  /** The value of a `{name}` in the path. */
  param(name: string): string;
}

/** What a write is told beside. */
export interface WriteAsked<Body> extends Asked {
  readonly body: Body;
  readonly idempotencyKey: string | null;
  /** When the write happens, as RFC 3339 in UTC. */
  readonly at: string;
  /**
   * Puts into the ledger, in the same transaction, that something took effect.
   *
   * `kind` is noun and past participle (`order.created`), `id` the object's, `subject` the path of whom or
   * what it is for (`users/17`, `orders/12`), or null.
   */
  record(kind: string, id: string, subject: string | null): void;
}

interface RouteBasics {
  /** The template as the contract writes it: `/orders/{id}`. */
  readonly path: string;
  readonly access: Access;
  /** How long a call takes where `DEMO_LATENCY` is `realistic`, in milliseconds. */
  readonly usualMs: number;
}

export interface ReadDefinition<Query> extends RouteBasics {
  /** The query parameter whose presence tells this read from others on its path; none: the one without. */
  readonly by?: string;
  /** Decodes the whole query string; `noQuery` where it must be empty. */
  readonly query: z.ZodType<Query>;
  readonly cacheControl: string;
  /** The body of the 200. Runs without a break, so that it sees one state of the store. */
  answer(asked: Asked & { readonly query: Query }): unknown;
}

export interface WriteDefinition<Body> extends RouteBasics {
  /** Decodes the JSON body (it may be asynchronous, to hash a password); `noBody` where there is none to send. */
  readonly body: z.ZodType<Body>;
  /** The body holds a secret that a stored fingerprint must not make easy to guess. */
  readonly secretBody?: boolean;
  /** In bytes; 1 MiB where it is left out. */
  readonly maxBodyBytes?: number;
  /** Acts inside a transaction, without a break. What it throws undoes it, what it returns stays. */
  act(asked: WriteAsked<Body>): Answer;
}

export interface ActionDefinition<Body> extends RouteBasics {
  readonly body: z.ZodType<Body>;
  /** Answers without changing anything that lasts, so there is nothing for an idempotency key to guard. */
  answer(asked: Asked & { readonly body: Body }): Promise<Answer>;
}

/** A request before its route has decoded it. */
export interface RawAsked {
  readonly caller: Caller;
  readonly params: ReadonlyMap<string, string>;
  readonly query: unknown;
  readonly body: unknown;
  readonly idempotencyKey: string | null;
}

/** What a write can reach in its transaction. */
export interface Effects {
  readonly at: string;
  record(kind: string, id: string, subject: string | null): void;
}

/** A route with its types closed over: `read`, `write` and `action` make one. */
export interface Route extends RouteBasics {
  readonly kind: 'read' | 'write' | 'action';
  readonly method: 'GET' | 'POST';
  readonly by: string | null;
  readonly cacheControl: string;
  readonly secretBody: boolean;
  readonly maxBodyBytes: number | undefined;
  /** Decodes and does what takes time; what comes back runs without a break. Throws `invalid-request`. */
  prepare(raw: RawAsked): Promise<(effects: Effects) => Answer>;
}

/** For a read that takes no parameters. */
export const noQuery = z.strictObject({});

/** For a write whose path says it all: no body, or `{}`. */
export const noBody = z.union([z.undefined(), z.null(), z.strictObject({})]).transform(() => undefined);

/** A `GET`. The same path may have several, told apart by `by`. */
export function read<Query>(definition: ReadDefinition<Query>): Route {
  return {
    ...basicsOf(definition),
    kind: 'read',
    method: 'GET',
    by: definition.by ?? null,
    cacheControl: definition.cacheControl,
    prepare: async (raw) => {
      const query = await decode(definition.query, raw.query);
      return () => ok(definition.answer({ ...askedOf(raw), query }));
    },
  };
}

/** A `POST` with an effect: one transaction with its ledger rows and the answer kept for its idempotency key. */
export function write<Body>(definition: WriteDefinition<Body>): Route {
  return {
    ...basicsOf(definition),
    kind: 'write',
    method: 'POST',
    secretBody: definition.secretBody ?? false,
    maxBodyBytes: definition.maxBodyBytes,
    prepare: async (raw) => {
      const body = await decode(definition.body, raw.body);
      return ({ at, record }) =>
        definition.act({ ...askedOf(raw), body, idempotencyKey: raw.idempotencyKey, at, record });
    },
  };
}

/** A `POST` without a lasting effect: signing in, getting a token. */
export function action<Body>(definition: ActionDefinition<Body>): Route {
  return {
    ...basicsOf(definition),
    kind: 'action',
    method: 'POST',
    prepare: async (raw) => {
      const body = await decode(definition.body, raw.body);
      const answer = await definition.answer({ ...askedOf(raw), body });
      return () => answer;
    },
  };
}

function basicsOf({ path, access, usualMs }: RouteBasics) {
  return {
    path,
    access,
    usualMs,
    by: null,
    cacheControl: noStore,
    secretBody: false,
    maxBodyBytes: undefined,
  };
}

function askedOf(raw: RawAsked): Asked {
  return {
    caller: raw.caller,
    param: (name) => {
      const value = raw.params.get(name);
      if (value === undefined) throw new Error(`the path has no {${name}}`);
      return value;
    },
  };
}

/** Decodes, or throws `invalid-request` with one row of `errors` a fault: `{ path: "items.0.quantity", message }`. */
async function decode<T>(schema: z.ZodType<T>, value: unknown): Promise<T> {
  const decoded = await schema.safeParseAsync(value);
  if (decoded.success) return decoded.data;
  const faults = decoded.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  const first = faults[0];
  const detail = first ? `${first.path === '' ? '' : `${first.path}: `}${first.message}` : undefined;
  throw new Problem('invalid-request', detail, { extensions: { errors: faults } });
}
