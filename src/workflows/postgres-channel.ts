import { createSession, type Session } from '../postgres/session.ts';
import { type ChangeChannel, changesChannel, listenerName, toChange } from './change-channel.ts';

export interface PostgresChannelOptions {
  readonly url: string;
  log(message: string): void;
}

/** Tells of changes over PostgreSQL: by `NOTIFY` in the statement that writes one, and `LISTEN` in a session of its own. */
export function createPostgresChannel({ url, log }: PostgresChannelOptions): ChangeChannel {
  let session: Session | null = null;
  return {
    notifies: true,
    tell: () => undefined,
    hear({ onChange, onBack }) {
      session = createSession({
        url,
        name: listenerName,
        log,
        setUp: async (client) => {
          await client.query(`listen ${changesChannel}`);
        },
        onUp: onBack,
        onNotification: ({ payload = '' }) => onChange(toChange(payload)),
      });
    },
    get hears() {
      return session?.current() != null;
    },
    close: async () => session?.close(),
  };
}
