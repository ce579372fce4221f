import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import { Refusal, stepFailed } from '../problems.ts';
import type { Saga } from '../saga.ts';

const inputShape = z.object({ name: z.string() });

/** Whom to welcome. There is no password in it: the account was made by the keyed write before. */
export type RegisterInput = z.infer<typeof inputShape>;

/** Welcomes whoever starts it, whose account was just made. */
export function createRegister({
  sources: { users, notifications },
}: {
  readonly sources: Pick<Sources, 'users' | 'notifications'>;
}): Saga<RegisterInput> {
  return {
    name: 'register',
    input: inputShape,
    secrets: [],
    steps: ['createUser', 'welcome'],
    async run(run, { name }) {
      const { userId } = run;
      run.about({ type: 'User', id: userId }, null);
      await run.step('createUser', {
        do: async ({ call }) => {
          const [user] = await users.usersByIds(call, [userId]);
          if (!user) throw new Refusal(stepFailed('createUser', 'The account is not there.'));
        },
      });
      await run.step('welcome', {
        do: ({ call, key }) =>
          notifications.createMessage(call, { userId, template: 'welcome', data: { name } }, key),
        mustSucceed: true,
      });
    },
  };
}
