import type { BackendNumbers } from '../backends.ts';
import type { Attempt } from './attempt.ts';
import { type Breaker, type BreakerChange, createBreaker } from './breaker.ts';
import { type ConnectionOptions, type Connections, createConnections } from './connections.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';

/** One address of a backend, with its own connections, breaker and slots. */
export interface Instance {
  /** `orders#1`, counted in the order of the setting. */
  readonly name: string;
  /** `http://127.0.0.1:4104` */
  readonly origin: string;
  /** What the address says after its host: `` or `/v1`. */
  readonly prefix: string;
  readonly connections: Connections;
  readonly breaker: Breaker;
  /** Calls on the wire. */
  inFlight: number;
  /** Calls that wait for a slot, in the order in which they came. */
  readonly waiting: Set<Attempt>;
}

/** One backend while the process runs. */
export interface Backend {
  readonly name: string;
  readonly numbers: BackendNumbers;
  /** At least one. */
  readonly instances: readonly [Instance, ...Instance[]];
  /** One for all instances: the load that repeats make is the backend's. */
  readonly retryBudget: RetryBudget;
}

export interface InstanceOptions extends ConnectionOptions {
  readonly onChange: (instance: string, change: BreakerChange) => void;
}

/** Opens one backend at its addresses. Connections are made when they are first needed. */
export function createBackend(
  name: string,
  numbers: BackendNumbers,
  addresses: readonly string[],
  options: InstanceOptions,
): Backend {
  const [first, ...others] = addresses;
  if (first === undefined) throw new Error(`no address is set for the backend ${name}`);
  const most = Math.floor(addresses.length / 2);
  const mayEject = (): boolean => instances.filter(({ breaker }) => breaker.ejected).length < most;
  const open = (address: string, index: number): Instance => {
    const { origin, pathname } = new URL(address);
    const instanceName = `${name}#${index + 1}`;
    return {
      name: instanceName,
      origin,
      prefix: pathname.replace(/\/+$/, ''),
      connections: createConnections(origin, numbers, options),
      breaker: createBreaker(numbers.breaker, mayEject, (change) => options.onChange(instanceName, change)),
      inFlight: 0,
      waiting: new Set(),
    };
  };
  const instances = [open(first, 0), ...others.map((address, index) => open(address, index + 1))] as const;
  return { name, numbers, instances, retryBudget: createRetryBudget(numbers.retry) };
}
