import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';
import { type BackendTable, backends, type EndpointRow } from '../../src/backends.ts';
import type { Config } from '../../src/config.ts';
import { type Finding, fail, look, ok, skip, warn } from './finding.ts';

const PATIENCE_MS = 3_000;
/** Tokens say until when they hold, in seconds: a clock that is further off refuses good ones. */
const MAX_SKEW_MS = 5_000;

const documentShape = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
type Document = z.infer<typeof documentShape>;
const rowsShape = z.object({ items: z.array(z.record(z.string(), z.unknown())) });
const table: BackendTable = backends;

/** Looks at each instance of each backend: reachable, as its contract says, reads in bulk, in time. */
export async function checkBackends(config: Config): Promise<readonly Finding[]> {
  const token = await machineToken(config);
  const parts = Object.entries(config.instances).flatMap(([name, addresses]) =>
    addresses.map((address) => checkInstance(name, address, token)),
  );
  return (await Promise.all(parts)).flat();
}

async function checkInstance(
  name: string,
  address: string,
  token: string | null,
): Promise<readonly Finding[]> {
  let served: Document | null = null;
  let skewMs: number | null = null;
  const reached = await look(
    `${name}: reachable`,
    `Start it, or say where it is: ${name.toUpperCase()}_URL. The demo's: npm run demo`,
    async () => {
      const response = await get(`${address}/openapi.json`, null);
      const date = response.headers.get('date');
      skewMs = date === null ? null : Date.parse(date) - Date.now();
      if (response.ok) {
        const document = documentShape.safeParse(await response.json());
        if (document.success) served = document.data;
      }
      return response.status < 500
        ? ok(address)
        : fail(`${address} answers ${response.status}`, 'Look at its log.');
    },
  );
  if (reached.state === 'fail') return [reached];
  return [
    reached,
    await look(`${name}: contract`, 'Run this from a checkout of Weir.', () => compare(name, served)),
    ...(await Promise.all(
      Object.entries(table[name]?.endpoints ?? {})
        .filter(([, { bulk }]) => bulk !== undefined)
        .map(([endpoint, row]) =>
          look(`${name}: ${endpoint}`, 'Does it read its list of keys?', () => tryBulk(address, row, token)),
        ),
    )),
    await look(`${name}: clock`, '', () => {
      if (skewMs === null) return skip('it sends no Date');
      const seconds = Math.round(skewMs / 1000);
      return Math.abs(skewMs) <= MAX_SKEW_MS
        ? ok('the same as here')
        : warn(
            `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}`,
            'Let both keep time by NTP: tokens are dated.',
          );
    }),
  ];
}

/** Whether a backend serves every operation of its contract. */
function compare(name: string, served: Document | null) {
  const file = new URL(`../../contracts/${name}.openapi.yaml`, import.meta.url);
  if (!existsSync(file)) return skip(`there is no contracts/${name}.openapi.yaml`);
  if (served === null) return warn('it serves no /openapi.json', 'Compare it with contracts/ by hand.');
  const operations = operationsOf(documentShape.parse(parse(readFileSync(file, 'utf8'))));
  const there = operationsOf(served);
  const missing = [...operations].filter((operation) => !there.has(operation));
  return missing.length === 0
    ? ok(`all ${operations.size} operations`)
    : fail(
        `lacks ${missing.join(', ')}`,
        `Another version runs at this address, or contracts/${name}.openapi.yaml is old.`,
      );
}

function operationsOf({ paths }: Document): ReadonlySet<string> {
  const methods = new Set(['get', 'post', 'put', 'delete', 'patch']);
  return new Set(
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations)
        .filter((method) => methods.has(method))
        .map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
    ),
  );
}

/** Whether one call for two keys is answered with two rows. */
async function tryBulk(address: string, { path, bulk, credentials }: EndpointRow, token: string | null) {
  if (!bulk) return skip('not in bulk');
  if (credentials !== 'none' && token === null) return skip('needs a token of ours, which was not given');
  const bearer = credentials === 'none' ? null : token;
  const keys = (await keysOf(address, path, bulk.param, bearer)) ?? ['1', '2'];
  const response = await get(
    `${address}${path}?${bulk.param}=${keys.map(encodeURIComponent).join(',')}`,
    bearer,
  );
  if (!response.ok)
    return fail(`answers ${response.status} to two keys`, `It has to read ?${bulk.param}=a,b.`);
  const { items } = rowsShape.parse(await response.json());
  if (items.length === 2) return ok('two keys, one call, two rows');
  return items.length < 2
    ? warn(
        `${items.length} rows for two keys`,
        'It takes several keys; whether it finds them, nobody could see.',
      )
    : fail(`${items.length} rows for two keys`, `It does not look at ?${bulk.param}.`);
}

/** Keys of two objects that are there: the first two of the backend's own list, where it has one. */
async function keysOf(address: string, path: string, param: string, bearer: string | null) {
  const list = await get(`${address}${path}?limit=2`, bearer).catch(() => null);
  const read = list?.ok ? rowsShape.safeParse(await list.json()) : null;
  const own = param.replace(/s$/, '');
  const keys = read?.success ? read.data.items.slice(0, 2).map((row) => row[own]) : [];
  return keys.length === 2 && keys.every((key) => typeof key === 'string') ? keys.map(String) : null;
}

async function machineToken({ instances, BACKEND_CLIENT_ID, BACKEND_CLIENT_SECRET }: Config) {
  try {
    const response = await fetch(`${instances.users?.[0]}/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: BACKEND_CLIENT_ID, clientSecret: BACKEND_CLIENT_SECRET }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return z.object({ accessToken: z.string() }).parse(await response.json()).accessToken;
  } catch {
    return null;
  }
}

const get = (url: string, bearer: string | null): Promise<Response> =>
  fetch(url, {
    headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
