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
  /** Sets when to look at the lane next; null: never, it is empty. The caller has it from `take`. */
  set(org: OrgKey, channelKey: number, dueAt: number | null): Promise<void>;
  /** The org after `org` that has lanes, or null behind the last. */
  orgAfter(org: OrgKey): Promise<OrgKey | null>;
  /** Locks the channels of the org to look at now, those that wait longest first; those that another transaction has are left out. */
  take(wanted: { org: OrgKey; now: number; skip: readonly number[]; limit: number }): Promise<readonly number[]>;
  /** When to look at the next lane that is not skipped; null when there is none. */
  nextDueAt(skip: readonly number[], skipOrgs: readonly number[]): Promise<number | null>;
};

export function postgresLanes(db: PostgresDatabase): Lanes {
  const wake = db.changed(
    `insert into lanes (org, channel_key, due_at) values ($1, $2, $3)
     on conflict (org, channel_key) do update set due_at = excluded.due_at where lanes.due_at > excluded.due_at`,
  );
  const update = db.changed("update lanes set due_at = $3 where org = $1 and channel_key = $2");
  const remove = db.changed("delete from lanes where org = $1 and channel_key = $2");
  const orgAfter = db.rows<{ org: number }>("select org from lanes where org > $1 order by org limit 1");
  const take = db.rows<{ channel_key: number }>(
    `select channel_key from lanes where org = $1 and due_at <= $2 and not channel_key = any ($3::bigint[])
     order by due_at, channel_key limit $4 for update skip locked`,
  );
  const next = db.rows<{ due_at: number }>(
    `select due_at from lanes where not channel_key = any ($1::bigint[]) and not org = any ($2::bigint[]) order by due_at limit 1`,
  );
  return {
    wake: async (org, channelKey, dueAt) => void (await wake(org, channelKey, dueAt)),
    set: async (org, channelKey, dueAt) => void (await (dueAt === null ? remove(org, channelKey) : update(org, channelKey, dueAt))),
    orgAfter: async (org) => (await orgAfter(org))[0]?.org ?? null,
    take: async ({ org, now, skip, limit }) => (await take(org, now, skip, limit)).map((row) => row.channel_key),
    nextDueAt: async (skip, skipOrgs) => (await next(skip, skipOrgs))[0]?.due_at ?? null,
  };
}
