import type { ChangeRows } from "../ports/changes.ts";
import { changeColumns, sqlChangeLog, writeChange } from "../sql/change-log.ts";
import { type IdSource, rowOf } from "../sql/database.ts";
import type { PostgresDatabase } from "./database.ts";

/** Changes by id, which is the order of the commits of an org. */
export function postgresChanges(db: PostgresDatabase, ids: IdSource): ChangeRows {
  const insert = db.run(db.builder.insertInto("changes").values(rowOf<"changes">(changeColumns)));
  return {
    insert: async (org, change, write) => {
      const id = await ids.next(org, change.at);
      await insert(writeChange(org, change, { id, write }));
      return id;
    },
    ...sqlChangeLog(db),
  };
}
