import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { chooseDataDir } from '../postgres/data-dir.ts';
import { openSharedDatabase, type SharedDatabase } from '../postgres/shared-database.ts';
import { keptKey, parseSealingKeys } from '../workflows/sealing.ts';

/** The database of a gateway, and what is kept beside it. */
export interface Keeping {
  readonly database: SharedDatabase;
  /** `WORKFLOW_KEY`, or a key that is made and kept in the data folder. Throws where there is no place for it. */
  keys(): readonly Buffer[];
}

/** Opens the database that the settings say, in the background. */
export function openKeeping(config: Config, log: Logger): Keeping {
  const { DATABASE_URL: url, WORKFLOW_KEY: keys } = config;
  const place = config.DATA_DIR ?? fileURLToPath(new URL('../../.weir', import.meta.url));
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
  if (config.production && keys === null) {
    log.warn('WORKFLOW_KEY is not set: tokens in workflows are encrypted with a key kept in DATA_DIR.');
  }
  return {
    database: openSharedDatabase({ url, dataDir, log: (level, message) => log[level](message) }),
    keys() {
      kept ??= keys === null ? [keptKey(dataDir())] : parseSealingKeys(keys);
      return kept;
    },
  };
}
