import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import type { FollowUp, Saga } from '../saga.ts';
import type { WorkflowState } from '../state.ts';

const inputShape = z.object({ template: z.string(), data: z.record(z.string(), z.unknown()) });

export type NotifyInput = z.infer<typeof inputShape>;

/** The message that follows a workflow's end. */
export function notificationOf(end: WorkflowState, template: string, data: NotifyInput['data']): FollowUp {
  return { saga: 'notify', id: `${end.id}-notify`, input: { template, data } };
}

/** Sends a message to a customer, however long the backend is away. */
export function createNotify({
  sources: { notifications },
}: {
  readonly sources: Pick<Sources, 'notifications'>;
}): Saga<NotifyInput> {
  return {
    name: 'notify',
    input: inputShape,
    secrets: [],
    steps: ['send'],
    async run(run, { template, data }) {
      await run.step('send', {
        do: ({ call, key }) => notifications.createMessage(call, { userId: run.userId, template, data }, key),
        mustSucceed: true,
      });
    },
  };
}
