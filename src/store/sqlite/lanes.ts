/**
 * Fair turns. A lane is a channel with something pending or claimed; its `due_at` says when to look at it next, and is never later
 * than its first due delivery. Orgs take turns, and within an org the lane that has waited longest is next; a lane that was served
 * goes to the end. So a channel with a backlog of a million delays another's single event by one turn.
 */
import { sql } from "kysely";
import { limits } from "../../core/limits.ts";
import type { OrgKey } from "../../core/org.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Memory } from "./memory.ts";

export type Lanes = {
  /** Makes sure that the lane is looked at by `dueAt`. */
  wake(org: OrgKey, channelKey: number, dueAt: number): void;
  /** Sets when to look at the lane next; null: never, it is empty. */
  set(org: OrgKey, channelKey: number, dueAt: number | null): void;
  /** The org after `org` that has lanes, or null behind the last. */
  orgAfter(org: OrgKey): OrgKey | null;
  /** The channels of the org to look at now, those that wait longest first. */
  due(wanted: { org: OrgKey; now: number; skip: string; limit: number }): readonly number[];
  /** When to look at the next lane that is not skipped; null when there is none. JSON lists of channel keys and of orgs. */
  nextDueAt(skip: string, skipOrgs: string): number | null;
};

export function sqliteLanes(db: Database, memory: Memory): Lanes {
  const q = db.builder;
  // By when lanes are looked at, at the latest: one that is looked at early enough need not be woken.
  const dueAts = new Map<number, number>();
  memory.emptyOnUndo(() => dueAts.clear());
  const remember = (channelKey: number, dueAt: number): void => {
    if (dueAts.size >= limits.lanesKeptMax) dueAts.clear();
    dueAts.set(channelKey, dueAt);
  };
  const isSkipped = sql<boolean>`channel_key in (select value from json_each(${arg<string>("skip")}))`;
  const wake = db.run(
    q
      .insertInto("lanes")
      .values(rowOf<"lanes">(["org", "channel_key", "due_at"]))
      .onConflict((conflict) =>
        conflict
          .columns(["org", "channel_key"])
          .doUpdateSet((row) => ({ due_at: row.ref("excluded.due_at") }))
          .whereRef("lanes.due_at", ">", "excluded.due_at"),
      ),
  );
  const ofLane = { org: arg<number>("org"), channelKey: arg<number>("channelKey") };
  const update = db.run(
    q
      .updateTable("lanes")
      .set({ due_at: arg<number>("dueAt") })
      .where("org", "=", ofLane.org)
      .where("channel_key", "=", ofLane.channelKey),
  );
  const remove = db.run(q.deleteFrom("lanes").where("org", "=", ofLane.org).where("channel_key", "=", ofLane.channelKey));
  const orgAfter = db.first(q.selectFrom("lanes").select("org").where("org", ">", arg<number>("org")).orderBy("org").limit(sql.lit(1)));
  const due = db.all(
    q
      .selectFrom("lanes")
      .select("channel_key")
      .where("org", "=", arg<number>("org"))
      .where("due_at", "<=", arg<number>("now"))
      .where((row) => row.not(isSkipped))
      .orderBy("due_at")
      .orderBy("channel_key")
      .limit(arg<number>("limit")),
  );
  const next = db.first(
    q
      .selectFrom("lanes")
      .select("due_at")
      .where((row) => row.not(isSkipped))
      .where((row) => row.not(sql<boolean>`org in (select value from json_each(${arg<string>("skipOrgs")}))`))
      .orderBy("due_at")
      .limit(sql.lit(1)),
  );
  return {
    wake: (org, channelKey, dueAt) => {
      const known = dueAts.get(channelKey);
      if (known !== undefined && known <= dueAt) return;
      wake({ org, channel_key: channelKey, due_at: dueAt });
      remember(channelKey, dueAt);
    },
    set: (org, channelKey, dueAt) => {
      if (dueAt === null) {
        remove({ org, channelKey });
        dueAts.delete(channelKey);
      } else if (update({ org, channelKey, dueAt }) > 0) remember(channelKey, dueAt);
    },
    orgAfter: (org) => orgAfter({ org })?.org ?? null,
    due: (wanted) => due(wanted).map((row) => row.channel_key),
    nextDueAt: (skip, skipOrgs) => next({ skip, skipOrgs })?.due_at ?? null,
  };
}
