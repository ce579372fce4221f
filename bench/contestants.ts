import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FLAGS } from '../src/config/node-flags.ts';

/** Who is measured. */
export interface Contestant {
  readonly name: string;
  readonly title: string;
  /** The module that serves. */
  readonly main: string;
  /** What it is to the run: the limit, the same again, ours, or somebody else's. */
  readonly kind: 'limit' | 'control' | 'weir' | 'peer';
  readonly env?: Readonly<Record<string, string>>;
  /** How Node.js is started for it. */
  readonly nodeArguments?: readonly string[];
  /** It does not do the same work: what it gains is shown, but it is not in the picture of the others. */
  readonly apart?: boolean;
}

const here = import.meta.dirname;
const PEERS = join(here, 'peers');

const titles: Readonly<Record<string, string>> = {
  mercurius: 'Mercurius, JIT',
  yoga: 'GraphQL Yoga, JIT',
  'apollo-server': 'Apollo Server',
  'hive-gateway': 'Hive Gateway',
};

/** L, its second copy, and the gateway, once as it is measured and once with its shared cache: they need no more than the project's own packages. */
export const own: readonly Contestant[] = [
  { name: 'limit', title: 'L, by hand', main: join(here, 'limit/main.ts'), kind: 'limit' },
  { name: 'control', title: 'L again (control)', main: join(here, 'limit/main.ts'), kind: 'control' },
  {
    name: 'weir',
    title: 'Weir',
    main: join(here, 'world/main.ts'),
    kind: 'weir',
    nodeArguments: NODE_FLAGS,
  },
  {
    name: 'weir-shared',
    title: 'Weir, shared cache',
    main: join(here, 'world/main.ts'),
    kind: 'weir',
    nodeArguments: NODE_FLAGS,
    env: { BENCH_SHARED: '1' },
    apart: true,
  },
];

/** The peers' folders, by name. */
export function peerNames(): readonly string[] {
  return readdirSync(PEERS).filter((name) => existsSync(join(PEERS, name, 'package.json')));
}

/** Whether a peer's packages are there. */
export const isInstalled = (name: string): boolean => existsSync(join(PEERS, name, 'node_modules'));

/** Installs what a peer's lockfile says, and nothing else. Throws where npm does. */
export function installPeer(name: string): void {
  execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: join(PEERS, name), stdio: 'inherit' });
}

/** A peer as a contestant. */
export function toContestant(name: string): Contestant {
  return { name, title: titles[name] ?? name, main: join(PEERS, name, 'main.js'), kind: 'peer' };
}
