import { sql } from "kysely";
import type { Values } from "../../core/record.ts";
import type { RecordRows } from "../ports/records.ts";
import { type Database, arg, rowOf } from "./database.ts";
import { sqlRecordLists } from "../sql/record-lists.ts";
import { readRecord, writeRecord } from "../sql/record-row.ts";

/** Records by module and id, which is also the order in which they were made. */
export function sqliteRecords(db: Database): RecordRows {
  const q = db.builder;
  const columns = ["org", "module", "id", "data", "created_at", "created_by", "modified_at", "modified_by", "deleted_at"] as const;
  const isOne = sql<boolean>`org = ${arg("org")} and module = ${arg("module")} and id = ${arg("id")}`;
  const one = q.selectFrom("records").selectAll().where(isOne);
  const insert = db.run(q.insertInto("records").values(rowOf<"records">(columns)));
  // An edit sets no more than it changes: it leaves alone the indexes of what it does not name.
  const update = db.run(
    q
      .updateTable("records")
      .set(rowOf<"records">(["data", "modified_at", "modified_by"]))
      .where(isOne),
  );
  const remove = db.run(
    q
      .updateTable("records")
      .set(rowOf<"records">(["modified_at", "modified_by", "deleted_at"]))
      .where(isOne),
  );
  const get = db.first(one.where("deleted_at", "is", null));
  const getAny = db.first(one);
  const ofModule = { org: arg<number>("org"), module: arg<string>("module") };
  const dropModule = db.run(q.deleteFrom("records").where("org", "=", ofModule.org).where("module", "=", ofModule.module));
  const dropValues = db.run(
    q
      .updateTable("records")
      .set({ data: sql<string>`json_remove(data, ${arg<string>("path")})` })
      .where("org", "=", ofModule.org)
      .where("module", "=", ofModule.module)
      .where(sql<boolean>`json_type(data, ${arg<string>("path")}) is not null`),
  );
  return {
    readAhead: () => undefined,
    insert: (org, record) => void insert(writeRecord(org, record)),
    update: (org, record) => void update(writeRecord(org, record)),
    remove: (org, record) => void remove({ ...writeRecord(org, record), deleted_at: record.modifiedAt }),
    get: (org, module, id) => {
      const row = get({ org, module, id });
      return row === null ? null : readRecord(row);
    },
    valuesOf: (org, module, id) => {
      const row = getAny({ org, module, id });
      return row === null ? null : (JSON.parse(row.data) as Values);
    },
    isIdTaken: (org, module, id) => getAny({ org, module, id }) !== null,
    ...sqlRecordLists(db),
    // An API name has no character that a path of SQLite's would read as its own.
    dropValues: (org, module, field) => void dropValues({ org, module, path: `$."${field}"` }),
    dropModule: (org, module) => void dropModule({ org, module }),
  };
}
