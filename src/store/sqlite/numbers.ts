/**
 * The ids of deliveries, changes and lifecycle events: microseconds since 1970 at the commit's instant, or one more than the last one given, so that
 * they only grow, order by age, and need no row to count them.
 */
import type { Database } from "./database.ts";

export type Numbers = { next(nowMs: number): number };

/** Goes on after the largest id in the database, even where the clock was set back. */
export function sqliteNumbers(db: Database): Numbers {
  // One look into each index an org: a maximum over the whole table would read it all.
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
        .selectFrom("lifecycle_events")
        .select((row) => row.fn.max("id").as("id"))
        .whereRef("org", "=", "orgs.key")
        .as("event"),
    ]),
  );
  let last = Math.max(0, ...largest({}).flatMap((row) => [row.delivery ?? 0, row.change ?? 0, row.event ?? 0]));
  return {
    next: (nowMs) => {
      last = Math.max(last + 1, Math.trunc(nowMs) * 1_000);
      return last;
    },
  };
}
