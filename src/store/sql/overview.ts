import { sql } from "kysely";
import type { OverviewRows } from "../ports/overview.ts";
import { type Database, arg } from "./database.ts";

export function sqlOverview(db: Database): OverviewRows {
  const q = db.builder;
  const { unindexed } = db.dialect;
  const failing = db.first(
    q
      .selectFrom((row) =>
        row
          .selectFrom("channels")
          .select("key")
          .where("failing_since", "is not", null)
          // Along the index of those that fail, which are few.
          .where(unindexed("state"), "=", sql.lit("active"))
          .where(unindexed("expires_at"), ">", arg<number>("now"))
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
    failingChannels: async (now, max) => (await failing({ now, max }))?.count ?? 0,
    expiring: async (asked) => (await expiring(asked)).map((row) => ({ ...row })),
  };
}
