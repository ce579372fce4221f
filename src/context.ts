import type { AuditReader } from './audit/audit-log.ts';
import type { Call, Viewer } from './call.ts';
import type { Loaders } from './datasources/loaders.ts';
import type { Sources } from './datasources/sources.ts';
import type { UsageReader } from './usage/open-usage.ts';
import type { WeirWorkflows } from './workflows/weir-workflows.ts';

/** What a resolver gets. No more: everything else it needs stands in its parent and its arguments. */
export interface Context {
  /** Null for the anonymous. */
  readonly viewer: Viewer | null;
  readonly loaders: Loaders;
  /** For what has no key to load by, such as signing in. */
  readonly sources: Sources;
  readonly call: Call;
  /** Writes over several backends, kept whole. */
  readonly workflows: WeirWorkflows;
  /** What was used, for administrators. */
  readonly usage: UsageReader;
  /** Who did what. */
  readonly audit: AuditReader;
}
