import type { GraphQLField, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import * as z from 'zod';
import type { Call } from '../call.ts';
import { WeirError } from '../errors.ts';
import { throttledMutations } from '../guard/throttle.ts';
import type { AuditLog } from './audit-log.ts';
import { subjectsOf, yielded } from './subjects.ts';

/** What is needed of an operation's context. */
interface WithCall {
  readonly call: Call;
}

type MutationField = GraphQLField<unknown, WithCall>;

/** As far as payloads are alike. */
const payloadShape = z.object({
  problems: z.array(z.object({ code: z.string() })).optional(),
  workflow: z.object({ status: z.string() }).nullish(),
});

/**
 * Puts a witness around each field of Mutation, outside of its access rule: whatever becomes of it leaves one line.
 *
 * Changes the schema's fields in place, and answers it. The witness never makes a mutation wait, and never makes it fail.
 */
export function auditMutations(
  schema: GraphQLSchema,
  log: Pick<AuditLog, 'record' | 'accountOf'>,
): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (resolve) field.resolve = witnessed(field, resolve, log);
  }
  return schema;
}

function witnessed(
  field: MutationField,
  resolve: GraphQLFieldResolver<unknown, WithCall>,
  log: Pick<AuditLog, 'record' | 'accountOf'>,
): GraphQLFieldResolver<unknown, WithCall> {
  const leave = ({ call }: WithCall, args: unknown, payload: unknown, outcome: string): void => {
    const user = yielded(field.type, payload).find(({ type }) => type === 'User')?.id ?? null;
    const actor = call.viewer?.id ?? user;
    log.record({
      actor,
      clientId: call.viewer?.clientId ?? null,
      // Who it is that was signed in says more than the address.
      account: user === null ? log.accountOf(addressIn(field.name, args)) : null,
      action: field.name,
      subjects: subjectsOf(field, args, payload),
      outcome,
      requestId: call.requestId,
    });
  };

  return async (parent, args, context, info) => {
    let payload: unknown;
    try {
      payload = await resolve(parent, args, context, info);
    } catch (error) {
      leave(context, args, null, error instanceof WeirError ? error.code : 'INTERNAL');
      throw error;
    }
    leave(context, args, payload, outcomeOf(payload));
    return payload;
  };
}

/** `SUCCEEDED`, the codes of its problems, or where a workflow goes on or ended otherwise, the workflow's status. */
function outcomeOf(payload: unknown): string {
  const { data } = payloadShape.safeParse(payload);
  const codes = new Set(data?.problems?.map(({ code }) => code));
  if (codes.size > 0) return [...codes].join(',');
  return data?.workflow?.status ?? 'SUCCEEDED';
}

/** The e-mail address of the account that a mutation tries to open, or null where it tries none. */
function addressIn(mutation: string, args: unknown): string | null {
  let value = args;
  for (const name of throttledMutations.get(mutation)?.account ?? []) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  }
  return typeof value === 'string' ? value : null;
}
