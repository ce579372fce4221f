/** Writes what strangers could have written to the gateway's own log, for the environment that it is told. */
import { createLog, createOperationLog } from '../src/log.ts';

/** Line breaks, JSON, what a terminal obeys in one byte and in two, and what turns the direction of writing. */
export const evil =
  'x\r\n{"level":50,"msg":"forged"}\n[12:00:00.000] ERROR: forged\u001b[2J\u009b2J\u202e\u2028end\\u001b';

if (process.argv[2] === 'development' || process.argv[2] === 'production') {
  const log = createLog(process.argv[2]);
  createOperationLog(log)({
    requestId: evil,
    operation: evil,
    kind: evil,
    hash: evil,
    viewer: evil,
    clientId: evil,
    client: evil,
    durationMs: 1,
    calls: 1,
    depth: 1,
    outcome: evil,
  });
  log.warn({ backend: evil, deep: { reason: evil, [evil]: evil } }, evil);
  log.error({ err: new Error(evil, { cause: new Error(evil) }) }, evil);
}
