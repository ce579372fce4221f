import { readFileSync, writeFileSync } from 'node:fs';
import { createSchema, printPublicSchema, readTypeDefs } from '../src/schema/index.ts';

const file = new URL('../schema.graphql', import.meta.url);

/** The public schema as `schema.graphql` has to hold it. */
export function publicSchema(): string {
  return printPublicSchema(createSchema(readTypeDefs(), []));
}

/** Writes `schema.graphql`. */
export function generateSchema(): void {
  writeFileSync(file, publicSchema());
}

/** What `schema.graphql` holds now. */
export function committedSchema(): string {
  return readFileSync(file, 'utf8');
}
