import { z } from 'zod';
import { type CacheUnderTest, nothing, undici, weir } from './caches.ts';
import { startReverseProxy } from './reverse-proxy.ts';
import { openSuite } from './suite.ts';

const caches = new Map<string, CacheUnderTest>([
  ['weir', weir(0)],
  ['weir-heuristic', weir(0.1)],
  ['undici', undici],
  ['none', nothing],
]);

// Started by run.ts, once a cache: the suite's client keeps its results for the life of the process.
const [name, folder] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2));
const cache = caches.get(name);
if (!cache) throw new Error(`no cache is called ${name}`);

// The suite's server talks about each unexpected request; what counts is in the results.
console.log = () => undefined;
console.error = () => undefined;

const suite = await openSuite(folder);
const origin = await suite.startOrigin();
const proxy = await startReverseProxy(cache(origin.port));
const results = await suite.run(`http://127.0.0.1:${proxy.port}`);
process.send?.(results);
proxy.close();
origin.close();
process.disconnect?.();
setTimeout(() => process.exit(), 1000).unref();
