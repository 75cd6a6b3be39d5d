import type { OrgKey } from "../../core/org.ts";
import type { CrmRecord, Values } from "../../core/record.ts";
import type { RecordRows, RecordSort } from "../ports/records.ts";
import { type Database, arg, rowOf } from "./database.ts";
import type { Numbers } from "./numbers.ts";
import type { Tables } from "./tables.ts";

/** Records by module and id, which is also the order in which they were made. */
export function sqliteRecords(db: Database, numbers: Numbers): RecordRows {
  const q = db.builder;
  const columns = ["org", "module", "id", "data", "created_at", "created_by", "modified_at", "modified_by", "deleted_at"] as const;
  const one = q
    .selectFrom("records")
    .selectAll()
    .where("org", "=", arg<number>("org"))
    .where("module", "=", arg<string>("module"))
    .where("id", "=", arg<string>("id"));
  const insert = db.run(q.insertInto("records").values(rowOf<"records">(columns)));
  const update = db.run(
    q
      .updateTable("records")
      .set(rowOf<"records">(["data", "modified_at", "modified_by", "deleted_at"]))
      .where("org", "=", arg<number>("org"))
      .where("module", "=", arg<string>("module"))
      .where("id", "=", arg<string>("id")),
  );
  const get = db.first(one.where("deleted_at", "is", null));
  const getAny = db.first(one);
  const list = listStatements(db);
  const insertChange = db.run(
    q.insertInto("changes").values(rowOf<"changes">(["org", "id", "module", "record_id", "operation", "changed_fields", "at", "by"])),
  );
  return {
    insert: (org, record) => void insert({ ...writeRecord(org, record), deleted_at: null }),
    update: (org, record) => void update({ ...writeRecord(org, record), deleted_at: null }),
    remove: (org, record) => void update({ ...writeRecord(org, record), deleted_at: record.modifiedAt }),
    get: (org, module, id) => {
      const row = get({ org, module, id });
      return row === null ? null : readRecord(row);
    },
    valuesOf: (org, module, id) => {
      const row = getAny({ org, module, id });
      return row === null ? null : (JSON.parse(row.data) as Values);
    },
    isIdTaken: (org, module, id) => getAny({ org, module, id }) !== null,
    list: ({ org, module, sort, offset, limit }) => list[sort.by][sort.order]({ org, module, offset, limit }).map(readRecord),
    insertChange: (org, change) =>
      void insertChange({
        org,
        id: numbers.next(change.at),
        module: change.module,
        record_id: change.recordId,
        operation: change.operation,
        changed_fields: JSON.stringify(change.changedFields),
        at: change.at,
        by: change.by,
      }),
  };
}

const sortColumns = { id: "id", Created_Time: "created_at", Modified_Time: "modified_at" } as const satisfies Record<
  RecordSort["by"],
  keyof Tables["records"]
>;

function listStatements(db: Database) {
  const statement = (by: RecordSort["by"], order: RecordSort["order"]) =>
    db.all(
      db.builder
        .selectFrom("records")
        .selectAll()
        .where("org", "=", arg<number>("org"))
        .where("module", "=", arg<string>("module"))
        .where("deleted_at", "is", null)
        .orderBy(sortColumns[by], order)
        .orderBy("id", order)
        .limit(arg<number>("limit"))
        .offset(arg<number>("offset")),
    );
  const both = (by: RecordSort["by"]) => ({ asc: statement(by, "asc"), desc: statement(by, "desc") });
  return { id: both("id"), Created_Time: both("Created_Time"), Modified_Time: both("Modified_Time") };
}

function writeRecord(org: OrgKey, record: CrmRecord): Omit<Tables["records"], "deleted_at"> {
  return {
    org,
    module: record.module,
    id: record.id,
    data: JSON.stringify(record.values),
    created_at: record.createdAt,
    created_by: record.createdBy,
    modified_at: record.modifiedAt,
    modified_by: record.modifiedBy,
  };
}

function readRecord(row: Tables["records"]): CrmRecord {
  return {
    id: row.id,
    module: row.module,
    values: JSON.parse(row.data) as Values,
    createdAt: row.created_at,
    createdBy: row.created_by,
    modifiedAt: row.modified_at,
    modifiedBy: row.modified_by,
  };
}
