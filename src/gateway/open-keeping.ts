import { fileURLToPath } from 'node:url';
import { type AuditLog, createAuditLog } from '../audit/audit-log.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { chooseDataDir } from '../postgres/data-dir.ts';
import { openSharedDatabase, type SharedDatabase } from '../postgres/shared-database.ts';
import { openRecords } from '../records/open-records.ts';
import { openUsage, type Usage } from '../usage/open-usage.ts';
import { keptKey, parseSealingKeys } from '../workflows/sealing.ts';

/** The database of a gateway, what is recorded in it, and what is kept beside it. */
export interface Keeping {
  readonly database: SharedDatabase;
  readonly audit: AuditLog;
  readonly usage: Usage;
  /** `WORKFLOW_KEY`, or a key that is made and kept in the data folder. Throws where there is no place for it. */
  keys(): readonly Buffer[];
  /** Writes what is still to be recorded, and lets go of the database: call it last. */
  close(): Promise<void>;
}

/** Opens the database that the settings say, in the background. */
export function openKeeping(config: Config, log: Logger): Keeping {
  const { DATABASE_URL: url, WORKFLOW_KEY: setKeys } = config;
  const place = config.DATA_DIR ?? fileURLToPath(new URL('../../.weir', import.meta.url));
  const tell = (level: 'info' | 'warn' | 'error', message: string): void => log[level](message);
  let chosen: string | null = null;
  let kept: readonly Buffer[] | null = null;
  const dataDir = (): string => {
    if (chosen !== null) return chosen;
    if (url !== null) return place;
    const { dir, moved } = chooseDataDir(place, config.production && config.DATA_DIR !== null);
    if (moved) log.warn(moved);
    chosen = dir;
    return dir;
  };
  const keys = (): readonly Buffer[] => {
    kept ??= setKeys === null ? [keptKey(dataDir())] : parseSealingKeys(setKeys);
    return kept;
  };
  if (config.production && setKeys === null) {
    log.warn('WORKFLOW_KEY is not set: tokens in workflows are encrypted with a key kept in DATA_DIR.');
  }
  const database = openSharedDatabase({ url, dataDir, log: tell });
  const records = openRecords({ database, log: tell });
  const audit = createAuditLog({ records, keys, replica: config.REPLICA_ID, log: tell });
  const usage = openUsage({ ...records, log: tell });
  return {
    database,
    audit,
    usage,
    keys,
    async close() {
      await Promise.all([audit.close(), usage.close()]);
      await records.close();
      await database.close();
    },
  };
}
