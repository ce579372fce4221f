import type { Call, Viewer } from '../call.ts';
import type { Sources } from '../datasources/sources.ts';
import type { NewUser } from '../datasources/users/wire/types.gen.ts';
import type { WebhookSender } from '../webhooks/send-webhook.ts';
import type { ImportStore } from './import-store.ts';
import { originOf } from './origin.ts';
import { idempotencyConflict } from './problems.ts';
import { type RegisteredWebhook, registerWebhook } from './register-webhook.ts';
import { createAccount, type Registration } from './registration.ts';
import type { Sagas } from './sagas/index.ts';
import { guarded } from './unavailable.ts';
import type { Delivery, Webhook, WebhookStore } from './webhook-store.ts';
import { workflowIdOf } from './workflow-id.ts';
import type { Workflows } from './workflows.ts';

/** The workflows of this house, and what goes before two of them. */
export interface WeirWorkflows extends Workflows<Sagas> {
  /** Makes an account and starts its welcome. The key belongs to the e-mail address. */
  register(call: Call, account: NewUser, key: string): Promise<Registration>;
  /** Keeps a catalogue that came by an upload; answers its id. */
  saveUpload(owner: string, csv: string): Promise<string>;
  /** Keeps a catalogue that came in an input: the same one has the same id. */
  saveInline(owner: string, csv: string): Promise<string>;
  /** Registers an address that is to hear of the viewer's workflows; for administrators of everybody's. */
  registerWebhook(viewer: Viewer, url: string, events: readonly string[]): Promise<RegisteredWebhook>;
  webhooksOf(owner: string): Promise<readonly Webhook[]>;
  /** The newest messages to an address. The caller has its id from a list of the owner's. */
  deliveriesOf(webhookId: string, limit: number): Promise<readonly Delivery[]>;
}

/** What stands beside the workflows themselves. */
export interface Besides {
  readonly imports: ImportStore;
  readonly webhooks: WebhookStore;
  readonly sender: WebhookSender;
  readonly users: Sources['users'];
}

export function createWeirWorkflows(
  workflows: Workflows<Sagas>,
  { imports, webhooks, sender, users }: Besides,
): WeirWorkflows {
  return {
    ...workflows,
    saveUpload: (owner, csv) => guarded(() => imports.saveUpload(owner, csv)),
    saveInline: (owner, csv) => guarded(() => imports.saveInline(owner, csv)),
    registerWebhook: (viewer, url, events) =>
      guarded(() => registerWebhook(webhooks, sender, viewer, url, events)),
    webhooksOf: (owner) => guarded(() => webhooks.listOf(owner)),
    deliveriesOf: (webhookId, limit) => guarded(() => webhooks.deliveriesOf(webhookId, limit)),
    async register(call, account, key) {
      // Nobody is to get an account whose welcome cannot be remembered.
      workflows.assertUp();
      const scope = `email:${account.email.trim().toLowerCase()}`;
      const accountKey = `${workflowIdOf(scope, 'register', key)}:createUser`;
      const made = await createAccount(users, call, account, accountKey);
      if ('code' in made) return { user: null, workflow: null, problems: [made] };
      const started = await workflows.start(
        'register',
        { name: made.name },
        { scope, key, startedBy: made.id, waitUntil: null, origin: originOf(call) },
      );
      return started.conflict
        ? { user: null, workflow: null, problems: [idempotencyConflict()] }
        : { user: made, workflow: started.workflow, problems: [] };
    },
  };
}
