/** A process that needs an embedded PostgreSQL until it is told to stop; started by the tests. */
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';

const [dataDir, native, temporary] = process.argv.slice(2);
const lines: string[] = [];
try {
  const server = await startEmbeddedPostgres({
    dataDir: dataDir ?? '',
    log: (line) => lines.push(line),
    ...(native ? { native } : {}),
    ...(temporary ? { temporary } : {}),
  });
  process.on('SIGTERM', async () => {
    await server.close();
    process.exit(0);
  });
  process.on('SIGINT', () => undefined);
  console.log(JSON.stringify({ url: server.url, adopted: server.adopted, uid: process.getuid?.(), lines }));
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error), lines }));
  process.exit(1);
}
setInterval(() => undefined, 60_000);
