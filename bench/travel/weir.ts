import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { announce } from '../ready.ts';

/** Weir itself over the demo's backends, whose addresses and data folder the environment gives, with its workflows. */
const gateway = createGateway({ config: readConfig(process.env), durable: true });
const url = await gateway.listen(0, '127.0.0.1');
await gateway.settled;
announce({ url: `${url}/graphql` });
process.once('disconnect', () => void gateway.close().finally(() => process.exit(0)));
