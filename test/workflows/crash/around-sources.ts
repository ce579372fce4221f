import type { Call } from '../../../src/call.ts';
import type { Sources } from '../../../src/datasources/sources.ts';

/** A call that a workflow makes. */
export interface MadeCall {
  /** The source's method, such as `createCharge`. */
  readonly name: string;
  /** The workflow that makes it. */
  readonly workflowId: string;
}

/** Stands between the sagas and the backends: whatever it does, it makes the call or does not return. */
export type Around = <T>(made: MadeCall, make: () => Promise<T>) => Promise<T>;

/** The same sources, with something around each call of a workflow. */
export function aroundSources(sources: Sources, around: Around): Sources {
  const wrapped = Object.entries(sources).map(([backend, source]) => [
    backend,
    new Proxy(source, {
      get(target, name, receiver) {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return (call: Call, ...rest: unknown[]) => {
          const workflowId = call.requestId.replace(/^workflow-/, '');
          return around({ name: String(name), workflowId }, () => method.call(target, call, ...rest));
        };
      },
    }),
  ]);
  // The same names with the same methods: a proxy only looks in.
  return Object.fromEntries(wrapped) as Sources;
}
