import { createDemoClient, type DemoAnswer, type DemoClient, type Role } from '../demo/demo-client.ts';
import type { ContractEndpoint } from './contract.ts';

/** What is asked of an endpoint. */
export interface Question {
  readonly as: Role;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the backends of one demo world in the words of their contracts. */
export interface Asker extends DemoClient {
  ask(endpoint: ContractEndpoint, question: Question): Promise<DemoAnswer>;
  /** A number that no other call has got: for names and keys. */
  next(): number;
}

/** Starts a demo world and asks its backends. */
export async function createAsker(): Promise<Asker> {
  const client = await createDemoClient();
  let numbers = 0;
  return {
    ...client,
    next: () => ++numbers,
    ask: ({ operation }, { as, path, query, ...call }) => {
      const segments = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(path?.[name] ?? ''),
      );
      const search = query ? `?${new URLSearchParams(query)}` : '';
      return client.call(as, operation.backend, segments + search, { ...call, method: operation.method });
    },
  };
}
