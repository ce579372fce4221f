#!/usr/bin/env node
/**
 * `npx weir <command>`: one file a command, each with its `usage` and a function that returns the exit code.
 *
 * Commands are loaded when they are called: nobody waits for what another one needs.
 */
interface Command {
  readonly usage: string;
  run(args: readonly string[]): number | Promise<number>;
}

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  doctor: () => import('./doctor.ts').then(({ usage, doctor: run }) => ({ usage, run })),
  probe: () => import('./probe.ts').then(({ usage, probe: run }) => ({ usage, run })),
  explain: () => import('./explain.ts').then(({ usage, explain: run }) => ({ usage, run })),
  check: () => import('./check.ts').then(({ usage, check: run }) => ({ usage, run })),
  usage: () => import('./usage.ts').then(({ usage, usageReport: run }) => ({ usage, run })),
  schema: () => import('./schema.ts').then(({ usage, schema: run }) => ({ usage, run })),
};

const [name = 'help', ...args] = process.argv.slice(2);
try {
  process.exitCode = await run(name, args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

async function run(command: string, rest: readonly string[]): Promise<number> {
  if (command === 'help' || command === '--help' || command === '-h') {
    console.log(await help());
    return 0;
  }
  const load = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!load) {
    console.error(`There is no command "${command}".\n\n${await help()}`);
    return 2;
  }
  const { usage, run: act } = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(usage);
    return 0;
  }
  return act(rest);
}

async function help(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return all.map(({ usage }) => usage).join('\n\n');
}
