import { backends } from '../../src/backends.ts';
import { createSources, type Sources } from '../../src/datasources/sources.ts';
import { createMachineGrant } from '../../src/datasources/users/machine-grant.ts';
import { createUsersSource } from '../../src/datasources/users/source.ts';
import { createKeySet } from '../../src/guard/key-set.ts';
import { createUpstream } from '../../src/http/create-upstream.ts';
import { createMachineToken, type MachineToken } from '../../src/http/machine-token.ts';
import type { UpstreamClient } from '../../src/http/upstream-options.ts';
import { type OpenWorkflowsOptions, openWorkflows } from '../../src/workflows/open-workflows.ts';
import type { Sagas } from '../../src/workflows/sagas/index.ts';
import type { Alert } from '../../src/workflows/step-runner.ts';
import type { InputOf } from '../../src/workflows/workflows.ts';
import { quick, sealing } from './toy.ts';

export interface ShopOptions {
  /** Each backend's address. */
  readonly urls: Readonly<Record<string, string>>;
  /** The database. */
  readonly url: string;
  readonly sagas?: OpenWorkflowsOptions['sagas'];
  readonly options?: Partial<OpenWorkflowsOptions>;
  /** Puts something between the sagas and the backends. */
  readonly around?: (sources: Sources) => Sources;
}

/** The real sagas on the demo's backends and a database: a process without the gateway around it. */
export function openShop({ urls, url, sagas, options, around = (sources) => sources }: ShopOptions) {
  const client = { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' };
  const machineToken: MachineToken = createMachineToken({
    issue: () => createMachineGrant(createUsersSource(upstream, backends), client)(),
  });
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const upstream: UpstreamClient = createUpstream({
    table: backends,
    instances: Object.fromEntries(Object.entries(urls).map(([name, address]) => [name, [address]])),
    machineToken,
    log: silent,
    checkShapes: 'always',
  });
  const keys = createKeySet({ urls: [`${urls.pricing}/.well-known/jwks.json`] });
  const alerts: Alert[] = [];
  const lines: string[] = [];
  const workflows = openWorkflows({
    url,
    sources: around(createSources(upstream, backends)),
    offerKeys: keys.get,
    role: 'all',
    sealing,
    policy: quick,
    graceMs: 2000,
    alert: (alert) => alerts.push(alert),
    log: (level, message) => lines.push(`${level}: ${message}`),
    ...(sagas ? { sagas } : {}),
    ...options,
  });
  let keyCount = 0;
  return {
    workflows,
    alerts,
    lines,
    /** Starts a saga for Ada (user 1) and waits for its end. */
    async run<N extends keyof Sagas & string>(name: N, input: InputOf<Sagas[N]>, key?: string) {
      keyCount += 1;
      const started = await workflows.start(name, input, {
        scope: 'viewer:1',
        key: key ?? `key-${keyCount}`,
        startedBy: '1',
        waitUntil: AbortSignal.timeout(20_000),
      });
      if (started.conflict) throw new Error('the key was used with another input');
      return started.workflow;
    },
    async [Symbol.asyncDispose]() {
      await workflows.close();
      await upstream.close();
    },
  };
}
