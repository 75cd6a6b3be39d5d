/** Gives the ids that are made of instants (`core/commit-ids.ts`); no row counts them. */
import { nextId } from "../../core/commit-ids.ts";
import type { Database } from "./database.ts";

export type Numbers = { next(nowMs: number): number };

/** Goes on after the largest id in the database, even where the clock was set back. */
export function sqliteNumbers(db: Database): Numbers {
  // One look into each index an org: a maximum over the whole table would read it all. The versions of channels are few.
  const largest = db.all(
    db.builder.selectFrom("orgs").select((org) => [
      org
        .selectFrom("deliveries")
        .select((row) => row.fn.max("id").as("id"))
        .whereRef("org", "=", "orgs.key")
        .as("delivery"),
      org
        .selectFrom("changes")
        .select((row) => row.fn.max("id").as("id"))
        .whereRef("org", "=", "orgs.key")
        .as("change"),
      org
        .selectFrom("channel_versions")
        .select((row) => row.fn.max("id").as("id"))
        .whereRef("org", "=", "orgs.key")
        .as("version"),
      org
        .selectFrom("replays")
        .select((row) => row.fn.max("id").as("id"))
        .whereRef("org", "=", "orgs.key")
        .as("replay"),
    ]),
  );
  let last = Math.max(0, ...largest({}).flatMap((row) => [row.delivery ?? 0, row.change ?? 0, row.version ?? 0, row.replay ?? 0]));
  return {
    next: (nowMs) => {
      last = nextId(last, nowMs);
      return last;
    },
  };
}
