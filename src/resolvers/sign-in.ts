import type { MutationResolvers } from './generated/types.ts';
import { invalidCredentials } from './problems.ts';

export const signInMutations: Pick<MutationResolvers, 'signIn'> = {
  signIn: async (_, { input }, { call, sources }) => {
    const session = await sources.users.createSession(call, input);
    if (session === null) return { problems: [invalidCredentials()] };
    return {
      accessToken: session.accessToken,
      expiresAt: session.expiresAt,
      user: session.user,
      problems: [],
    };
  },
};
