import type { Context } from '../context.ts';
import type { NodeResolvers, QueryResolvers } from './generated/types.ts';
import { isNodeType, type NodeType, toRawId } from './global-id.ts';

/** How each type with a global id is loaded by its backend's own id. */
const loadById: { readonly [T in NodeType]: (rawId: string, context: Context) => Promise<object | null> } = {
  User: (rawId, { loaders }) => loaders.users.byId.load(rawId),
  Product: (rawId, { loaders }) => loaders.products.byId.load(rawId),
  Order: (rawId, { loaders }) => loaders.orders.byId.load(rawId),
  Payment: (rawId, { loaders }) => loaders.payments.byId.load(rawId),
  Flight: (rawId, { loaders }) => loaders.flights.byId.load(rawId),
  Booking: (rawId, { loaders }) => loaders.bookings.byId.load(rawId),
  Workflow: (rawId, { workflows, viewer }) => workflows.byId(viewer, rawId),
};

/** The object with this global id, marked with its type, or null where there is none for this viewer. */
export async function loadNode(id: string, context: Context): Promise<NodeParent | null> {
  const type = id.slice(0, Math.max(0, id.indexOf(':')));
  if (!isNodeType(type)) return null;
  const rawId = toRawId(type, id);
  const row = rawId === null ? null : await loadById[type](rawId, context);
  return row === null ? null : { ...row, __typename: type };
}

/** A row that says of which type it is, for where the schema only says `Node`. */
export interface NodeParent {
  readonly __typename: NodeType;
}

export const Node: NodeResolvers = {
  __resolveType: (node) => node.__typename,
};

export const nodeQueries: Pick<QueryResolvers, 'node' | 'nodes'> = {
  node: (_, { id }, context) => loadNode(id, context),
  nodes: (_, { ids }, context) => Promise.all(ids.map((id) => loadNode(id, context))),
};
