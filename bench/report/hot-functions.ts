import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** V8's CPU profile: a tree of call frames, and which of them was on top at each sample. */
const profileShape = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** How long something was on top of the stack, itself, in microseconds. */
export interface Hot {
  readonly name: string;
  readonly micros: number;
}

export interface HotSpots {
  /** By function, hottest first. */
  readonly functions: readonly Hot[];
  /** By room of the project, by package, and by part of Node.js, hottest first. */
  readonly rooms: readonly Hot[];
  /** All samples but those with nothing to do, or of the profiler itself. */
  readonly busyMicros: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Adds a profile's samples up, by function and by room. */
export function readHotSpots(path: string): HotSpots {
  const { nodes, samples, timeDeltas } = profileShape.parse(JSON.parse(readFileSync(path, 'utf8')));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const rooms = new Map<string, number>();
  let busyMicros = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    const micros = timeDeltas[index] ?? 0;
    if (!frame || frame.functionName === '(idle)' || frame.url === 'node:inspector') continue;
    busyMicros += micros;
    const where = placeOf(frame.url);
    add(functions, `${frame.functionName || '(anonymous)'}  ${where}:${frame.lineNumber + 1}`, micros);
    add(rooms, roomOf(frame.functionName, where), micros);
  }
  return { functions: toHot(functions), rooms: toHot(rooms), busyMicros };
}

function placeOf(url: string): string {
  return url.startsWith('file://') ? relative(root, fileURLToPath(url)) : url;
}

function roomOf(functionName: string, where: string): string {
  if (where === '') return functionName.startsWith('(') ? functionName : 'V8 and Node.js, native';
  const installed = where.split('node_modules/').at(-1);
  if (installed !== undefined && installed !== where) {
    const [scope = '', name = ''] = installed.split('/');
    return scope.startsWith('@') ? `${scope}/${name}` : scope;
  }
  if (where.startsWith('node:')) return where.split('/').slice(0, 2).join('/');
  return where.split('/').slice(0, 2).join('/') || 'compiled query';
}

function add(sums: Map<string, number>, name: string, micros: number): void {
  sums.set(name, (sums.get(name) ?? 0) + micros);
}

function toHot(sums: ReadonlyMap<string, number>): readonly Hot[] {
  return [...sums].map(([name, micros]) => ({ name, micros })).sort((a, b) => b.micros - a.micros);
}
