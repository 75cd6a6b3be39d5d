import type { ChangeRows } from "../ports/changes.ts";
import { changeColumns, sqlChangeLog, writeChange } from "../sql/change-log.ts";
import { type Database, rowOf } from "./database.ts";
import type { Numbers } from "./numbers.ts";

/** Changes by id, which is the order of the commits. */
export function sqliteChanges(db: Database, numbers: Numbers): ChangeRows {
  const insert = db.run(db.builder.insertInto("changes").values(rowOf<"changes">(changeColumns)));
  return {
    insert: (org, change, write) => {
      const id = numbers.next(change.at);
      insert(writeChange(org, change, { id, write }));
      return id;
    },
    ...sqlChangeLog(db),
  };
}
