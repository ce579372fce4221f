import type { Endpoint } from '../backends.ts';
import type { Call } from '../call.ts';
import { WeirError } from '../errors.ts';
import type { MachineToken } from './machine-token.ts';

/** Who a call goes as. */
export interface Credential {
  readonly authorization: string | null;
  readonly onBehalfOf: string | null;
  /** As `Exchange.principal` has it. */
  readonly principal: string | null;
}

const nobody: Credential = { authorization: null, onBehalfOf: null, principal: null };

/** Printable, without spaces: what an id can be and a header can carry. */
const headerSafe = /^[\x21-\x7e]{1,255}$/;

/**
 * Chooses whose credentials a call carries, by its endpoint and by who asks.
 *
 * `none`: nobody's. `viewer`: the viewer's own token where there is one; but the gateway's where the gateway acts
 * on someone's behalf, since a viewer's token dies before a workflow does. `gateway`: the gateway's own.
 * A promise only where the gateway's token has to be fetched first.
 */
export function toCredential(
  endpoint: Endpoint,
  call: Call,
  machineToken: MachineToken | null,
): Credential | Promise<Credential> {
  if (endpoint.credentials === 'none') return nobody;
  const { onBehalfOf, viewer } = call;
  if (endpoint.credentials === 'viewer' && onBehalfOf === null) {
    if (viewer === null) return nobody;
    return { authorization: `Bearer ${viewer.token}`, onBehalfOf: null, principal: `viewer:${viewer.id}` };
  }
  if (onBehalfOf !== null && !headerSafe.test(onBehalfOf)) {
    throw new WeirError('BAD_USER_INPUT', 'A user id has characters that it cannot have');
  }
  if (machineToken === null) {
    throw new Error(`${endpoint.id} wants the gateway's own credentials, and there are none`);
  }
  const principal = onBehalfOf === null ? 'machine' : `behalf:${onBehalfOf}`;
  const token = machineToken.current();
  if (typeof token === 'string') return { authorization: `Bearer ${token}`, onBehalfOf, principal };
  return token.then((fetched) => ({ authorization: `Bearer ${fetched}`, onBehalfOf, principal }));
}
