/** What one mutation, or one workflow that has ended, leaves behind. It holds no secret and nothing personal. */
export interface AuditLine {
  /** A UUID that grows with time. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** A raw user id; null for the anonymous. */
  readonly actor: string | null;
  readonly clientId: string | null;
  /** The field of `Mutation`, or `workflow.` and the name of a workflow that has ended. */
  readonly action: string;
  /** Global ids. */
  readonly subjects: readonly string[];
  readonly outcome: string;
  readonly requestId: string;
}

/** A request, or a part of one, that was not done because of a rule. */
export interface Refusal {
  /** An error code of the catalogue, or `LEFT_OUT` for a line of the log that was one too many. */
  readonly code: string;
  readonly requestId: string;
  readonly viewer: string | null;
  readonly clientId: string | null;
  /** What the client calls the operation. */
  readonly operation: string | null;
}

/** How often something was refused in one minute, and a few examples. */
export interface RefusalCount {
  readonly id: string;
  /** When the minute began, in ISO 8601. */
  readonly minute: string;
  readonly code: string;
  readonly count: number;
  readonly samples: readonly (Omit<Refusal, 'code'> & { readonly at: string })[];
}
