import type { ChangeRows } from "../ports/changes.ts";
import { sqlChangeLog, writeChange } from "../sql/change-log.ts";
import type { IdSource } from "../sql/database.ts";
import type { PostgresDatabase } from "./database.ts";
import type { Unwritten } from "./unwritten.ts";

/** Changes by id, which is the order of the commits of an org. */
export function postgresChanges(
  db: PostgresDatabase,
  { ids, unwritten }: { readonly ids: IdSource; readonly unwritten: Unwritten },
): ChangeRows {
  return {
    insert: async (org, change, write) => {
      const id = await ids.next(org, change.at);
      unwritten.addChange(writeChange(org, change, { id, write }));
      return id;
    },
    ...sqlChangeLog(db),
  };
}
