import { notFound } from '../workflows/problems.ts';
import { mapStream } from '../workflows/state-stream.ts';
import { toConnection } from './connection.ts';
import type {
  MutationResolvers,
  QueryResolvers,
  SubscriptionResolvers,
  UserResolvers,
  WorkflowResolvers,
} from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';
import { loadNode } from './node.ts';

export const Workflow: WorkflowResolvers = {
  id: ({ id }) => toGlobalId('Workflow', id),
  subject: ({ subject }, _, context) =>
    subject === null ? null : loadNode(toGlobalId(subject.type, subject.id), context),
  startedBy: ({ startedBy }) => ({ id: startedBy }),
};

export const userWorkflows: Pick<UserResolvers, 'workflows'> = {
  workflows: async ({ id }, { first, after, status }, { workflows }) => {
    const query = { startedBy: id, status: status ?? null, name: null, first, after: after ?? null };
    return toConnection(await workflows.list(query), after);
  },
};

export const workflowQueries: Pick<QueryResolvers, 'workflow' | 'workflows'> = {
  workflow: (_, { id }, { workflows, viewer }) => workflows.byId(viewer, toRawId('Workflow', id) ?? ''),
  workflows: async (_, { first, after, status, name }, { workflows }) => {
    const query = {
      startedBy: null,
      status: status ?? null,
      name: name ?? null,
      first,
      after: after ?? null,
    };
    return toConnection(await workflows.list(query), after);
  },
};

export const workflowMutations: Pick<MutationResolvers, 'decide'> = {
  decide: async (_, { input: { workflowId, approve, note } }, { workflows, viewer }) => {
    const id = toRawId('Workflow', workflowId);
    if (id === null || viewer === null) {
      return { problems: [notFound('There is no such workflow.', ['workflowId'])] };
    }
    return workflows.decide(viewer, id, approve, note ?? null);
  },
};

export const workflowSubscriptions: SubscriptionResolvers = {
  workflow: {
    subscribe: (_, { id }, { workflows, viewer }) =>
      mapStream(workflows.subscribe(viewer, toRawId('Workflow', id) ?? ''), (workflow) => ({ workflow })),
  },
};
