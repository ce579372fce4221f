import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { createKeySet } from '../guard/key-set.ts';
import type { Logger } from '../log.ts';
import { chooseDataDir } from '../postgres/data-dir.ts';
import type { WeirWorldOptions } from '../world.ts';

/** What durable workflows need, from the settings. */
export function durableOf(config: Config, log: Logger): NonNullable<WeirWorldOptions['durable']> {
  const inProject = fileURLToPath(new URL('../../.weir', import.meta.url));
  const pricing = (config.instances.pricing ?? []).map((address) => `${address}/.well-known/jwks.json`);
  if (config.production && config.WORKFLOW_KEY === null) {
    log.warn('WORKFLOW_KEY is not set: tokens in workflows are encrypted with a key kept in DATA_DIR.');
  }
  const offerKeys = createKeySet({ urls: pricing, onProblem: (message) => log.warn(message) });
  return {
    role: config.ROLE,
    offerKeys: offerKeys.get,
    webhookAllow: config.WEBHOOK_ALLOW,
    settings: {
      databaseUrl: config.DATABASE_URL,
      sealingKeys: config.WORKFLOW_KEY,
      dataDir(embedded) {
        if (!embedded) return config.DATA_DIR ?? inProject;
        const mustBeThere = config.production && config.DATA_DIR !== null;
        const { dir, moved } = chooseDataDir(config.DATA_DIR ?? inProject, mustBeThere);
        if (moved) log.warn(moved);
        return dir;
      },
    },
    alert: ({ cause, ...alert }) => log.error({ ...alert, err: cause }, 'a workflow needs to be looked at'),
    log: (level, message) => log[level](message),
  };
}
