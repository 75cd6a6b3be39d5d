import { sql } from "kysely";
import type { OverviewRows } from "../ports/overview.ts";
import { type Database, arg } from "./database.ts";

/**
 * Counts that stop at a bound. What is owed is counted in the index of the lanes without a look at its rows, 0.3 µs a delivery; which of
 * them are claimed stands in the rows, so of those only a sample is read.
 */
export function sqliteOverview(db: Database): OverviewRows {
  return { ...deliveryCounts(db), ...channelCounts(db) };
}

function deliveryCounts(db: Database): Pick<OverviewRows, "backlog"> {
  const q = db.builder;
  const counted = (status: "waiting" | "dead") =>
    db.first(
      q
        .selectFrom((row) =>
          row
            .selectFrom("deliveries")
            .select("id")
            .where("org", "=", arg<number>("org"))
            .where("status", "=", sql.lit(status))
            .orderBy("id")
            .limit(arg<number>("max"))
            .as("of_status"),
        )
        .select((row) => [row.fn.countAll<number>().as("count"), row.fn.min("id").as("oldest")]),
    );
  const ofStatus = { waiting: counted("waiting"), dead: counted("dead") };
  const owed = db.first(
    q
      .selectFrom((row) =>
        row
          .selectFrom("deliveries")
          .select("id")
          .where("org", "=", arg<number>("org"))
          .where("due_at", "is not", null)
          .limit(arg<number>("max"))
          .as("owed"),
      )
      .select((row) => [row.fn.countAll<number>().as("count"), row.fn.min("id").as("oldest")]),
  );
  const claimed = db.first(
    q
      .selectFrom((row) =>
        row
          .selectFrom("deliveries")
          .select("status")
          .where("org", "=", arg<number>("org"))
          .where("due_at", "is not", null)
          // The order of the lanes' index: otherwise SQLite would look for them among all that was ever settled.
          .orderBy("channel_key")
          .orderBy("due_at")
          .orderBy("id")
          .limit(arg<number>("sampled"))
          .as("owed"),
      )
      .select((row) => row.fn.countAll<number>().as("count"))
      .where("status", "=", sql.lit("claimed")),
  );
  return {
    backlog: ({ org, max, sampled }) => {
      const waiting = ofStatus.waiting({ org, max });
      const open = owed({ org, max });
      const held = claimed({ org, sampled })?.count ?? 0;
      const oldest = [open?.oldest, waiting?.oldest].filter((id) => typeof id === "number");
      const pending = Math.max(0, (open?.count ?? 0) - held);
      const dead = ofStatus.dead({ org, max })?.count ?? 0;
      const counts = { waiting: waiting?.count ?? 0, pending, claimed: held, dead };
      return { counts, oldestId: oldest.length === 0 ? null : Math.min(...oldest) };
    },
  };
}

function channelCounts(db: Database): Omit<OverviewRows, "backlog"> {
  const q = db.builder;
  const byState = db.all(
    q
      .selectFrom((row) =>
        row.selectFrom("channels").select("state").where("expires_at", ">", arg<number>("now")).limit(arg<number>("max")).as("live"),
      )
      .select((row) => ["state", row.fn.countAll<number>().as("count")])
      .groupBy("state"),
  );
  const failing = db.first(
    q
      .selectFrom((row) =>
        row
          .selectFrom("channels")
          .select("key")
          .where("failing_since", "is not", null)
          .where("state", "=", sql.lit("active"))
          // The sign keeps SQLite to the index of those that fail, which are few.
          .where(sql`+expires_at`, ">", arg<number>("now"))
          .limit(arg<number>("max"))
          .as("failing"),
      )
      .select((row) => row.fn.countAll<number>().as("count")),
  );
  const expiring = db.all(
    q
      .selectFrom("channels")
      .innerJoin("orgs", "orgs.key", "channels.org")
      .select(["channels.key as channelKey", "channel_id as channelId", "zgid", "expires_at as expiresAt"])
      .where("expires_at", ">", arg<number>("after"))
      .where("expires_at", "<=", arg<number>("until"))
      .where("state", "=", sql.lit("active"))
      .orderBy("expires_at")
      .limit(arg<number>("limit")),
  );
  return {
    channelsByState: (now, max) => {
      const rows = byState({ now, max });
      const countOf = (state: string): number => rows.find((row) => row.state === state)?.count ?? 0;
      return { active: countOf("active"), paused: countOf("paused"), disabled: countOf("disabled") };
    },
    failingChannels: (now, max) => failing({ now, max })?.count ?? 0,
    expiring: (asked) => expiring(asked).map((row) => ({ ...row })),
  };
}
