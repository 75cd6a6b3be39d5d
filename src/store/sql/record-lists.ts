/** Lists of records: by page, behind a place, of what looks a record up, of what was deleted. A statement for each way to sort. */
import { sql } from "kysely";
import { limits } from "../../core/limits.ts";
import type { RecordBounds, RecordRows, RecordSort } from "../ports/records.ts";
import { type Database, arg } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { readRecord } from "./record-row.ts";
import type { Tables } from "./tables.ts";

type Order = RecordSort["order"];

export function sqlRecordLists(db: Database): Pick<RecordRows, "list" | "listAfter" | "listLookups" | "holders" | "count" | "listDeleted"> {
  const list = bySort((by, order) => db.all(sorted(db, by, order).offset(arg<number>("offset"))));
  const listAfter = bySort((by, order) => db.all(sorted(db, by, order).where(isBehind(by, order))));
  const listLookups = bySort((by, order) => db.all(sorted(db, by, order).where(isLookup(db.dialect)).offset(arg<number>("offset"))));
  const holders = db.all(withKeys(db));
  const alive = db.builder
    .selectFrom("records")
    .where("org", "=", arg<number>("org"))
    .where("module", "=", arg<string>("module"))
    .where("deleted_at", "is", null);
  const count = db.first(alive.select((row) => row.fn.countAll<number>().as("count")));
  const listDeleted = db.all(deleted(db));
  return {
    list: async ({ org, module, sort, offset, limit, ...bounds }) =>
      (await list[sort.by][sort.order]({ org, module, offset, limit, ...boundArguments(bounds) })).map(readRecord),
    listAfter: async ({ org, module, sort, limit, place, ...bounds }) =>
      (await listAfter[sort.by][sort.order]({ org, module, limit, ...place, ...boundArguments(bounds) })).map(readRecord),
    listLookups: async ({ org, module, sort, offset, limit, field, of, parentModule, ...bounds }) => {
      const looked = { field: db.dialect.fieldName(field), of, parent: parentModule ?? "" };
      const rows = await listLookups[sort.by][sort.order]({ org, module, offset, limit, ...looked, ...boundArguments(bounds) });
      return rows.map(readRecord);
    },
    holders: async ({ org, module, field, keys }) => {
      const asked = { org, module, field: db.dialect.fieldName(field), keys: JSON.stringify(keys), limit: limits.holdersPerKeyMax };
      return (await holders(asked)).map(({ key, id }) => ({ key, id }));
    },
    count: async (org, module) => (await count({ org, module }))?.count ?? 0,
    listDeleted: async (listing) => (await listDeleted(listing)).map((row) => ({ ...readRecord(row), deletedAt: row.deleted_at ?? 0 })),
  };
}

/** Those that are not in the bin and within the bounds, in order; the arguments are `boundArguments`, org, module and limit. */
export function sorted(db: Database, by: RecordSort["by"], order: Order) {
  return db.builder
    .selectFrom("records")
    .selectAll("records")
    .where("records.org", "=", arg<number>("org"))
    .where("records.module", "=", arg<string>("module"))
    .where("records.deleted_at", "is", null)
    .where("records.modified_at", ">=", arg<number>("modifiedFrom"))
    .where("records.created_at", ">=", arg<number>("createdFrom"))
    .where("records.created_at", "<=", arg<number>("createdUntil"))
    .orderBy(`records.${sortColumns[by]}`, order)
    .orderBy("records.id", order)
    .limit(arg<number>("limit"));
}

export function boundArguments({ modifiedFrom = 0, createdFrom = 0, createdUntil = Number.MAX_SAFE_INTEGER }: RecordBounds) {
  return { modifiedFrom, createdFrom, createdUntil };
}

/** One of something for each way to sort. */
export function bySort<T>(make: (by: RecordSort["by"], order: Order) => T): Record<RecordSort["by"], Record<Order, T>> {
  const both = (by: RecordSort["by"]) => ({ asc: make(by, "asc"), desc: make(by, "desc") });
  return { id: both("id"), Created_Time: both("Created_Time"), Modified_Time: both("Modified_Time") };
}

const sortColumns = { id: "id", Created_Time: "created_at", Modified_Time: "modified_at" } as const satisfies Record<
  RecordSort["by"],
  keyof Tables["records"]
>;

/** By id, the key answers it. */
function isBehind(by: RecordSort["by"], order: Order) {
  const sign = sql.raw(order === "asc" ? ">" : "<");
  if (by === "id") return sql<boolean>`id ${sign} ${arg("id")}`;
  return sql<boolean>`(${sql.ref(sortColumns[by])}, id) ${sign} (${arg("value")}, ${arg("id")})`;
}

function isLookup({ jsonText, fieldName }: Dialect) {
  const data = sql.ref("data");
  return sql<boolean>`${jsonText(data, arg("field"))} = ${arg("of")}
    and ${arg("parent")} in ('', ${jsonText(data, sql.lit(fieldName("$se_module")))})`;
}

/** `lower` changes A to Z alone, as the keys do. */
function withKeys(db: Database) {
  const { jsonText, lower, isOneOf } = db.dialect;
  const key = lower(jsonText(sql.ref("data"), arg("field")));
  const ranked = db.builder
    .selectFrom("records")
    .select(["id", key.as("key"), sql<number>`row_number() over (partition by ${key} order by id)`.as("rank")])
    .where("org", "=", arg<number>("org"))
    .where("module", "=", arg<string>("module"))
    .where("deleted_at", "is", null)
    .where(isOneOf(key, arg("keys")))
    .as("ranked");
  return db.builder.selectFrom(ranked).select(["key", "id"]).where("rank", "<=", arg<number>("limit")).orderBy("id");
}

function deleted(db: Database) {
  return db.builder
    .selectFrom("records")
    .selectAll()
    .where("org", "=", arg<number>("org"))
    .where("module", "=", arg<string>("module"))
    .where("deleted_at", ">", arg<number>("after"))
    .where("deleted_at", "<=", arg<number>("until"))
    .orderBy("deleted_at", "desc")
    .orderBy("id", "desc")
    .limit(arg<number>("limit"))
    .offset(arg<number>("offset"));
}
