/** What was done through the admin API, entry by entry. */

/** `token`: whoever showed an admin token. `console`: a person who signed in to the console, or tried to. */
export type AuditActor = "token" | "console";

/** One act. Never a body, a query string or a secret. */
export type AuditAct = {
  readonly actor: AuditActor;
  readonly method: string;
  readonly path: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** For people. */
  readonly summary: string;
};

export type AuditEntry = AuditAct & { readonly id: number; readonly at: number };
