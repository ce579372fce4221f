import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../cli/weir.ts', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `weir` as its own process, with these settings and no others of ours. */
export function runWeir(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { PATH = '' } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], { env: { PATH, ...environment } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** The settings that name the backends of a running Weir. */
export const addressesOf = (urls: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]));

/** Starts `weir probe` as its own process, which goes on until it is ended. */
export function startProbe(args: readonly string[]) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [file, 'probe', ...args], {
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const figures = once(createInterface(child.stderr), 'line').then(
    ([line]) => /http:\S+/.exec(String(line))?.[0] ?? '',
  );
  const end = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    const [code] = await exited;
    return code;
  };
  return {
    /** Where Prometheus would ask. */
    figures,
    /** Ends it; resolves with its exit code. */
    end,
    [Symbol.asyncDispose]: async (): Promise<void> => void (await end()),
  };
}
