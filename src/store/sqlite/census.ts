import { sql } from "kysely";
import type { CensusRows } from "../ports/census.ts";
import { compilable, found } from "../sql/database.ts";
import type { Database } from "./database.ts";

/** Counts: the shared text, and what is in hand, which is little and counted with the first step. */
export function sqliteCensus(db: Database, shared: CensusRows): CensusRows {
  const handTotal = db.first(
    compilable<{ count: number }>(db, sql`select count(*) as count from deliveries indexed by deliveries_in_hand where is_in_hand = 1`),
  );
  return {
    ...shared,
    countOpen: async (asked) => {
      const counted = await shared.countOpen(asked);
      if (asked.after !== null) return counted;
      const { count } = found(handTotal({}));
      return { ...counted, open: counted.open + count, claimed: counted.claimed + count };
    },
  };
}
