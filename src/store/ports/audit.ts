/** The log of what was done through the admin API. */
import type { AuditAct, AuditEntry } from "../../core/audit.ts";
import type { Awaitable } from "../store.ts";

export type AuditRows = {
  insert(entry: AuditAct & { readonly at: number }): Awaitable<void>;
  /** The newest first; `beforeId` null: from the newest on. */
  page(beforeId: number | null, limit: number): Awaitable<readonly AuditEntry[]>;
  /** Removes at most `limit` entries older than `before`, the oldest first; gives how many. */
  purge(before: number, limit: number): Awaitable<number>;
};
