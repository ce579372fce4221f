import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, sep } from 'node:path';
import * as z from 'zod';
import { type Fence, fencesOf, root } from './markdown.ts';

/** A step of a recipe: a file to write, lines to put beside a line that is there, or commands. */
export type Step =
  | { readonly kind: 'new'; readonly file: string; readonly text: string }
  | {
      readonly kind: 'edit';
      readonly file: string;
      readonly where: 'before' | 'after' | 'in place of';
      readonly line: string;
      readonly text: string;
    }
  | { readonly kind: 'commands'; readonly commands: readonly string[] }
  | { readonly kind: 'query'; readonly text: string };

const NEW = /^\*\*New: `([^`]+)`\*\*$/;
const EDIT = /^\*\*In `([^`]+)`, (before|after|in place of) `([^`]+)`\*\*$/;

/** What a page tells its reader to do, in its order. Throws on a block that does not say where it goes. */
export function readRecipe(page: string): Step[] {
  return fencesOf(page).map(toStep);
}

function toStep({ language, lead, text }: Fence): Step {
  const [, made] = NEW.exec(lead) ?? [];
  if (made !== undefined) return { kind: 'new', file: made, text };
  const [, file, where, line] = EDIT.exec(lead) ?? [];
  if (file !== undefined && line !== undefined) {
    if (where !== 'before' && where !== 'after' && where !== 'in place of') throw new Error(lead);
    return { kind: 'edit', file, where, line, text };
  }
  if (language === 'sh') return { kind: 'commands', commands: text.trimEnd().split('\n') };
  if (language === 'graphql') return { kind: 'query', text };
  throw new Error(`a block does not say where it goes; before it stands: ${lead}`);
}

/** A copy of the project that a recipe can change. */
export interface ProjectCopy extends AsyncDisposable {
  readonly folder: string;
  /** Writes a file or changes one. Throws where a line to go by is not there exactly once, or a new file is. */
  apply(step: Step & { readonly kind: 'new' | 'edit' }): Promise<void>;
  /** Runs `npm run <script>` or `npm test` with what follows `--`; resolves with its exit code and all it printed. */
  npm(command: string): Promise<{ readonly code: number; readonly output: string }>;
}

const LEFT_OUT = /^(?:\.git|\.weir|coverage)$|(?:^|\/)(?:node_modules|dist)$/;

/** Copies the project to a temporary folder, with its packages linked. */
export async function copyProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-recipe-'));
  await cp(root, folder, {
    recursive: true,
    filter: (source) => !LEFT_OUT.test(relative(root, source).split(sep).join('/')),
  });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));

  return {
    folder,
    async apply(step) {
      const path = join(folder, step.file);
      if (step.kind === 'new') {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, step.text, { flag: 'wx' });
        return;
      }
      await writeFile(path, placed(await readFile(path, 'utf8'), step));
    },
    async npm(command) {
      const [, name = '', words = ''] = /^npm (?:run )?(\S+)(?: --(.*))?$/.exec(command) ?? [];
      const script = scripts[name];
      if (script === undefined) throw new Error(`package.json has no script for: ${command}`);
      const child = spawn('sh', ['-c', `${script}${words}`], {
        cwd: folder,
        env: {
          ...process.env,
          PATH: `${join(folder, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      child.stdout.on('data', (chunk) => (output += chunk));
      child.stderr.on('data', (chunk) => (output += chunk));
      const [code]: (number | null)[] = await once(child, 'close');
      return { code: code ?? -1, output };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function placed(text: string, step: Step & { readonly kind: 'edit' }): string {
  const lines = text.split('\n');
  const places = lines.flatMap((line, index) => (line.trim() === step.line ? [index] : []));
  const [at] = places;
  if (at === undefined || places.length > 1) {
    throw new Error(`${step.file} has the line ${step.line} ${places.length} times`);
  }
  const block = step.text.replace(/\n$/, '').split('\n');
  lines.splice(step.where === 'after' ? at + 1 : at, step.where === 'in place of' ? 1 : 0, ...block);
  return lines.join('\n');
}
