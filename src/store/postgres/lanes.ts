/**
 * Fair turns, as over SQLite: a lane is a channel with something pending or claimed, and its `due_at` says when to look at it next. Whoever
 * claims from a lane locks its row first and reads what is due after that; whoever makes something due wakes the lane in its own
 * transaction. So the one sees the other, and what is made due while a claim is under way is not slept over.
 */
import type { OrgKey } from "../../core/org.ts";
import type { PostgresDatabase } from "./database.ts";

export type Lanes = {
  /** Makes sure that the lane is looked at by `dueAt`. */
  wake(org: OrgKey, channelKey: number, dueAt: number): Promise<void>;
  /** When to look at the next lane that is not skipped; null when there is none. */
  nextDueAt(skip: readonly number[], skipOrgs: readonly number[]): Promise<number | null>;
};

export function postgresLanes(db: PostgresDatabase): Lanes {
  const wake = db.changed(
    `insert into lanes (org, channel_key, due_at) values ($1, $2, $3)
     on conflict (org, channel_key) do update set due_at = excluded.due_at where lanes.due_at > excluded.due_at`,
  );
  const next = db.rows<{ due_at: number }>(
    `select due_at from lanes where not channel_key = any ($1::bigint[]) and not org = any ($2::bigint[]) order by due_at limit 1`,
  );
  return {
    wake: async (org, channelKey, dueAt) => void (await wake(org, channelKey, dueAt)),
    nextDueAt: async (skip, skipOrgs) => (await next(skip, skipOrgs))[0]?.due_at ?? null,
  };
}
