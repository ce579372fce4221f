import { generate } from '@graphql-codegen/cli';
import config from '../codegen.ts';
import { generateClient } from './client.ts';
import { generateConfiguration } from './configuration.ts';
import { generateSchema } from './schema.ts';
import { generateWire } from './wire.ts';

/** Everything that is generated and committed, in the order in which one needs the other. */
const steps: readonly (readonly [string, () => unknown])[] = [
  ['wire types and decoders from contracts/', generateWire],
  ['schema.graphql from src/schema/', generateSchema],
  ['resolver types from schema.graphql', () => generate(config, true)],
  ['typed documents and the manifest from client/operations/', generateClient],
  ['docs/configuration.md from the table of settings', generateConfiguration],
];

for (const [what, step] of steps) {
  const startedAt = performance.now();
  await step();
  console.log(`${what}  ${Math.round(performance.now() - startedAt)} ms`);
}
