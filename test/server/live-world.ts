import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Call } from '../../src/call.ts';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { createSchema, readTypeDefs } from '../../src/schema/index.ts';

/** A gateway without backends whose one subscription counts, and whose tokens a test makes itself. */
export interface LiveWorld extends AsyncDisposable {
  readonly url: string;
  /** How many subscriptions are open at their source. */
  readonly open: () => number;
  tokenFor(seconds: number): Promise<string>;
}

const [base = ''] = readTypeDefs().filter((text) => text.includes('directive @access'));
const typeDefs = [
  base.replace(/^type Query \{[\s\S]*?^\}/m, 'type Query'),
  `extend type Query { who: String @access(rule: PUBLIC) }
   extend type Mutation { nothing: Int @access(rule: PUBLIC) }
   type Subscription {
     count(to: Int!): Tick @access(rule: PUBLIC)
     broken: Tick @access(rule: PUBLIC)
     quiet: Tick @access(rule: PUBLIC)
   }
   type Tick { revision: Int!  who: String  secret: String }`,
];

type Context = { readonly call: Call };

/** Starts it. */
export async function startLiveWorld(): Promise<LiveWorld> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] };
  const issuer = createServer((_, response) => void response.end(JSON.stringify(keys)));
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  let open = 0;

  const who = (_: unknown, __: unknown, { call }: Context) => call.viewer?.id ?? 'nobody';
  const schema = createSchema(typeDefs, [
    {
      Query: { who },
      Tick: {
        who,
        secret: () => {
          throw new Error('the database is at 10.0.0.7');
        },
      },
      Subscription: {
        count: {
          async *subscribe(_: unknown, { to }: { to: number }) {
            open += 1;
            try {
              for (let revision = 1; revision <= to; revision++) {
                yield { count: { revision } };
                await pause(5);
              }
            } finally {
              open -= 1;
            }
          },
        },
        quiet: {
          subscribe: () => ({
            [Symbol.asyncIterator]() {
              open += 1;
              const next = (): Promise<never> => new Promise(() => {});
              const end = async () => {
                open -= 1;
                return { done: true as const, value: undefined };
              };
              return { next, return: end };
            },
          }),
        },
        broken: {
          async *subscribe() {
            yield { broken: { revision: 1 } };
            throw new Error('the queue at 10.0.0.8 is gone');
          },
        },
      },
    },
  ]);
  const { port } = issuer.address() as AddressInfo;
  const config = readConfig({
    NODE_ENV: 'test',
    EXPLORER: 'false',
    JWKS_URL: `http://127.0.0.1:${port}/jwks`,
    JWT_ISSUER: 'test',
    JWT_AUDIENCE: 'weir',
  });
  const gateway = createGateway({
    config,
    world: { table: {}, schema, open: () => (call: Call) => ({ call }) },
  });
  const url = await gateway.listen(0, '127.0.0.1');
  return {
    url,
    open: () => open,
    tokenFor: (seconds) =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'ES256', kid: 'k' })
        .setSubject('17')
        .setIssuer('test')
        .setAudience('weir')
        .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
        .sign(privateKey),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await new Promise((resolve) => issuer.close(resolve));
    },
  };
}
