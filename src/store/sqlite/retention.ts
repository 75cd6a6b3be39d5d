import { sql } from "kysely";
import type { RetentionRows } from "../ports/retention.ts";
import { type Database, arg } from "./database.ts";

/** Ids of deliveries, changes and lifecycle events are microseconds of their commit, so age is a range of the primary key. */
const idsPerMs = 1_000;

/** Removes what is old, a bounded number of rows a step, the oldest first. */
export function sqliteRetention(db: Database): RetentionRows {
  return { ...historyStatements(db), ...channelStatements(db) };
}

function historyStatements(db: Database): Pick<RetentionRows, "purgeDeliveries" | "purgeChanges" | "purgeLifecycle"> {
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
  return {
    purgeDeliveries: ({ org, kind, before, limit }) => {
      const statements = kind === "dead" ? dead : settled;
      const values = { org, beforeId: before * idsPerMs, limit };
      statements.attempts(values);
      return statements.deliveries(values);
    },
    purgeChanges: ({ org, before, limit }) => changes({ org, beforeId: before * idsPerMs, limit }),
    purgeLifecycle: ({ org, before, limit }) => events({ org, beforeId: before * idsPerMs, limit }),
  };
}

function channelStatements(db: Database): Pick<RetentionRows, "purgeChannels"> {
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
              .where("due_at", "is not", null),
          ),
        ),
      )
      .limit(arg<number>("limit")),
  );
  const remove = db.run(q.deleteFrom("channels").where("org", "=", arg<number>("org")).where("key", "=", arg<number>("key")));
  return {
    purgeChannels: ({ org, before, limit }) => {
      const keys = expired({ org, before, limit }).map((row) => row.key);
      for (const key of keys) remove({ org, key });
      return keys;
    },
  };
}
