import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createRaceRest } from './race-rest.ts';
import { createStaticFiles, strictPolicy } from './static-files.ts';

const folder = fileURLToPath(new URL('../../race', import.meta.url));

/** The race of the demo: its page, its files, and the REST calls of its page. */
export interface Race {
  /** The page, for `GET /`. */
  handlePage(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Whatever stands below `/race/`; false for what does not. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/** Makes it for the demo backends at these addresses. Scripts are files of this origin, and reach no other. */
export function createRace(instances: Readonly<Record<string, readonly string[]>>): Race {
  const rest = createRaceRest(instances);
  const files = createStaticFiles({
    root: folder,
    prefix: '/race/',
    policy: strictPolicy,
    missing: '<!doctype html><title>Weir</title><p>The folder race/ is missing.</p>',
  });
  return {
    handlePage: files.handlePage,
    handle: async (request, response) => (await rest(request, response)) || files.handle(request, response),
  };
}
