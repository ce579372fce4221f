import { createHash } from 'node:crypto';

/**
 * The id of the workflow that belongs to a client's idempotency key.
 *
 * A key belongs to a scope (the viewer, or for a registration the e-mail address) and a mutation: the same three
 * give the same id on every replica, and that is how a repeat is known.
 */
export function workflowIdOf(scope: string, mutation: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, mutation, key]))
    .digest('base64url')
    .slice(0, 22);
}
