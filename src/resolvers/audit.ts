import { toConnection } from './connection.ts';
import type { AuditEntryResolvers, QueryResolvers } from './generated/types.ts';

export const AuditEntry: AuditEntryResolvers = {
  id: ({ id }) => `AuditEntry:${id}`,
  actor: ({ actor }) => (actor === null ? null : { id: actor }),
};

export const auditQueries: Pick<QueryResolvers, 'auditLog'> = {
  auditLog: async (_, { first, after }, { audit }) =>
    toConnection(await audit.page(first, after ?? null), after),
};
