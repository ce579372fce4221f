import { unavailable } from './unavailable.ts';
import type { WeirWorkflows } from './weir-workflows.ts';

/** Workflows that may not be there yet: whoever asks before is told that they are unavailable. */
export interface DeferredWorkflows extends WeirWorkflows {
  /** From now on these are asked. */
  provide(workflows: WeirWorkflows): void;
}

/** Stands in for workflows while their database is being started, or for good where there is none. */
export function createDeferredWorkflows(): DeferredWorkflows {
  let workflows: WeirWorkflows | null = null;
  const ready = Promise.withResolvers<void>();
  const now = (): WeirWorkflows => {
    if (workflows === null) throw unavailable(null);
    return workflows;
  };
  return {
    provide(provided) {
      workflows = provided;
      provided.ready.then(ready.resolve);
    },
    ready: ready.promise,
    isUp: () => workflows?.isUp() ?? false,
    assertUp: () => now().assertUp(),
    figures: async () => now().figures(),
    stranded: () => workflows?.stranded() ?? new Map(),
    start: async (name, input, options) => now().start(name, input, options),
    wait: async (id, until) => now().wait(id, until),
    byId: async (viewer, id) => now().byId(viewer, id),
    list: async (query) => now().list(query),
    subscribe: (viewer, id) => now().subscribe(viewer, id),
    decide: async (viewer, id, approve, note) => now().decide(viewer, id, approve, note),
    signal: async (id, topic, message, key) => now().signal(id, topic, message, key),
    register: async (call, account, key) => now().register(call, account, key),
    saveUpload: async (owner, csv) => now().saveUpload(owner, csv),
    saveInline: async (owner, csv) => now().saveInline(owner, csv),
    registerWebhook: async (viewer, url, events) => now().registerWebhook(viewer, url, events),
    webhooksOf: async (owner) => now().webhooksOf(owner),
    deliveriesOf: async (webhookId, limit) => now().deliveriesOf(webhookId, limit),
    close: async () => workflows?.close(),
  };
}
