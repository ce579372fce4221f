import { createServer } from 'node:net';
import type { Config } from '../../src/config.ts';
import { type Finding, fail, look, ok, warn } from './finding.ts';

/** The first Node that runs TypeScript as it stands, without a flag. */
const LEAST_NODE = 24;

/** Looks at the process itself: its Node, and the ports it wants. */
export function checkEnvironment(config: Config): Promise<readonly Finding[]> {
  const ports: (readonly [name: string, port: number, host: string])[] = [['PORT', config.PORT, config.HOST]];
  if (config.ADMIN_PORT !== null && config.ADMIN_PORT !== config.PORT) {
    ports.push(['ADMIN_PORT', config.ADMIN_PORT, '127.0.0.1']);
  }
  return Promise.all([
    look('node', '', () => {
      const major = Number(process.versions.node.split('.')[0]);
      return major >= LEAST_NODE
        ? ok(process.version)
        : fail(
            `${process.version} cannot run TypeScript`,
            'Call it through npm, which takes the project’s own: npx weir doctor',
          );
    }),
    ...ports.map(([name, port, host]) =>
      look(
        `${name.toLowerCase().replace('_', ' ')} ${port}`,
        `Choose another: ${name}=${port + 10}`,
        async () => {
          if (port === 0) return ok('any free port');
          const fault = await tryPort(port, host);
          if (fault === null) return ok('free');
          if (fault === 'EADDRINUSE' && (await isGateway(host, port))) return ok('a gateway is running here');
          return fault === 'EADDRINUSE'
            ? warn(
                'taken by something else',
                `End what listens there, or choose another: ${name}=${port + 10}`,
              )
            : fail(fault, `Choose a port above 1023: ${name}=${port + 10}`);
        },
      ),
    ),
  ]);
}

function tryPort(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

async function isGateway(host: string, port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/healthz`, {
      signal: AbortSignal.timeout(1_000),
    });
    return (await response.text()).includes('alive');
  } catch {
    return false;
  }
}
