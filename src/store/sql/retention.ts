import { sql } from "kysely";
import { firstIdAt } from "../../core/commit-ids.ts";
import type { RetentionRows } from "../ports/retention.ts";
import { type Database, arg, compilable } from "./database.ts";

/** Whether something is owed to the channel that the tables do not show. */
type IsBusy = (channelKey: number) => boolean;

/** Removes what is old, a bounded number of rows a step, the oldest first. Age is a range of the primary key, for ids are made of instants. */
export function sqlRetention(db: Database, isBusy: IsBusy = () => false): Omit<RetentionRows, "arrange"> {
  return { ...historyStatements(db), ...channelStatements(db, isBusy) };
}

function historyStatements(
  db: Database,
): Pick<RetentionRows, "purgeDeliveries" | "purgeChanges" | "purgeLifecycle" | "purgeReplays" | "purgeVersions"> {
  const q = db.builder;
  const old = (statuses: readonly string[]) =>
    q
      .selectFrom("deliveries")
      .select("id")
      .where("org", "=", arg<number>("org"))
      .where("id", "<", arg<number>("beforeId"))
      .where(
        "status",
        "in",
        statuses.map((status) => sql.lit(status)),
      )
      .orderBy("id")
      .limit(arg<number>("limit"));
  const purge = (statuses: readonly string[]) => ({
    attempts: db.run(q.deleteFrom("attempts").where("org", "=", arg<number>("org")).where("delivery_id", "in", old(statuses))),
    deliveries: db.run(q.deleteFrom("deliveries").where("org", "=", arg<number>("org")).where("id", "in", old(statuses))),
  });
  const settled = purge(["delivered", "cancelled"]);
  const dead = purge(["dead"]);
  const purgeAll = (table: "changes" | "lifecycle_events") =>
    db.run(
      q
        .deleteFrom(table)
        .where("org", "=", arg<number>("org"))
        .where("id", "in", (row) =>
          row
            .selectFrom(table)
            .select("id")
            .where("org", "=", arg<number>("org"))
            .where("id", "<", arg<number>("beforeId"))
            .orderBy("id")
            .limit(arg<number>("limit")),
        ),
    );
  const changes = purgeAll("changes");
  const events = purgeAll("lifecycle_events");
  const replays = db.run(
    q
      .deleteFrom("replays")
      .where("org", "=", arg<number>("org"))
      .where("id", "in", (row) =>
        row
          .selectFrom("replays")
          .select("id")
          .where("org", "=", arg<number>("org"))
          .where("finished_at", "<", arg<number>("before"))
          .limit(arg<number>("limit")),
      ),
  );
  const versions = db.run(compilable(db, oldVersions));
  return {
    purgeDeliveries: async ({ org, kind, before, limit }) => {
      const statements = kind === "dead" ? dead : settled;
      const values = { org, beforeId: firstIdAt(before), limit };
      await statements.attempts(values);
      return statements.deliveries(values);
    },
    purgeChanges: ({ org, before, limit }) => changes({ org, beforeId: firstIdAt(before), limit }),
    purgeLifecycle: ({ org, before, limit }) => events({ org, beforeId: firstIdAt(before), limit }),
    purgeReplays: ({ org, before, limit }) => replays({ org, before, limit }),
    purgeVersions: ({ org, before, limit }) => versions({ org, beforeId: firstIdAt(before), limit }),
  };
}

/** The version that stood when the oldest change was made stays, unless it says that the channel was gone. */
const oldVersions = sql`
  delete from channel_versions where (org, channel_key, id) in (
    select org, channel_key, id from channel_versions as old
    where org = ${arg<number>("org")} and id < ${arg<number>("beforeId")}
      and (channel is null or exists (
        select 1 from channel_versions as later
        where later.org = old.org and later.channel_key = old.channel_key and later.id > old.id and later.id < ${arg<number>("beforeId")}))
    limit ${arg<number>("limit")})`;

function channelStatements(db: Database, isBusy: IsBusy): Pick<RetentionRows, "purgeChannels"> {
  const q = db.builder;
  const expired = db.all(
    q
      .selectFrom("channels")
      .select("key")
      .where("org", "=", arg<number>("org"))
      .where("expires_at", "<", arg<number>("before"))
      .where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom("deliveries")
              .select(sql.lit(1).as("one"))
              .where("org", "=", arg<number>("org"))
              .whereRef("channel_key", "=", "channels.key")
              .where("due_at", "is not", null)
              .where("is_in_hand", "=", sql.lit(0)),
          ),
        ),
      )
      .limit(arg<number>("limit")),
  );
  const remove = db.run(q.deleteFrom("channels").where("org", "=", arg<number>("org")).where("key", "=", arg<number>("key")));
  return {
    purgeChannels: async ({ org, before, limit }) => {
      const keys = (await expired({ org, before, limit })).map((row) => row.key).filter((key) => !isBusy(key));
      for (const key of keys) await remove({ org, key });
      return keys;
    },
  };
}
