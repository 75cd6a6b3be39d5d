/**
 * Lists of records: by page, behind a place, of what looks a record up, of what was deleted. A statement for each way to sort and to bound, made
 * when it is first asked for.
 *
 * Each way to sort has an index that gives that order. A bound on something else than what is sorted by would leave most of what the index
 * gives out; so where few records are within the bound, they are found by it and then sorted.
 */
import { sql } from "kysely";
import { limits } from "../../core/limits.ts";
import type { Awaitable } from "../store.ts";
import type { RecordBounds, RecordListing, RecordRows, RecordSort } from "../ports/records.ts";
import { type Arguments, type Database, arg } from "./database.ts";
import type { Dialect } from "./dialect.ts";
import { readRecord } from "./record-row.ts";
import type { Tables } from "./tables.ts";

export function sqlRecordLists(db: Database): Pick<RecordRows, "list" | "listAfter" | "listLookups" | "holders" | "count" | "listDeleted"> {
  const isNarrow = narrowness(db);
  const list = byShape((shape) => db.all(sorted(db, shape).offset(arg<number>("offset"))));
  const listAfter = byShape((shape) => db.all(sorted(db, shape).where(isBehind(shape))));
  const listLookups = byShape((shape) => db.all(sorted(db, shape).where(isLookup(db.dialect)).offset(arg<number>("offset"))));
  const holders = db.all(withKeys(db));
  const count = db.first(alive(db).select((row) => row.fn.countAll<number>().as("count")));
  const listDeleted = db.all(deleted(db));
  return {
    list: async ({ offset, ...listing }) => {
      const find = list(shapeOf(listing, await isNarrow(listing)));
      return (await find({ ...listArguments(listing), offset })).map(readRecord);
    },
    listAfter: async ({ place, ...listing }) => {
      const find = listAfter(shapeOf(listing, await isNarrow(listing)));
      return (await find({ ...listArguments(listing), ...place })).map(readRecord);
    },
    listLookups: async ({ offset, field, of, parentModule, ...listing }) => {
      const looked = { field: db.dialect.fieldName(field), of, parent: parentModule ?? "" };
      const find = listLookups(shapeOf(listing, await isNarrow(listing)));
      return (await find({ ...listArguments(listing), offset, ...looked })).map(readRecord);
    },
    holders: async ({ org, module, field, keys }) => {
      const asked = { org, module, field: db.dialect.fieldName(field), keys: JSON.stringify(keys), limit: limits.holdersPerKeyMax };
      return (await holders(asked)).map(({ key, id }) => ({ key, id }));
    },
    count: async (org, module) => (await count({ org, module }))?.count ?? 0,
    listDeleted: async (listing) => (await listDeleted(listing)).map((row) => ({ ...readRecord(row), deletedAt: row.deleted_at ?? 0 })),
  };
}

type Listing = Omit<RecordListing, "offset">;

/** What a statement depends on, all but the values. */
export type ListShape = RecordSort & {
  readonly bounds: readonly (keyof RecordBounds)[];
  /** Found by a bound, and then sorted; else found in the order asked for. */
  readonly isNarrow: boolean;
};

const boundNames = ["modifiedFrom", "createdFrom", "createdUntil"] as const satisfies readonly (keyof RecordBounds)[];

export function shapeOf({ sort, ...listing }: Listing, isNarrow = false): ListShape {
  return { ...sort, bounds: boundNames.filter((name) => listing[name] !== undefined), isNarrow };
}

/** One of something for each shape, made when it is first asked for. */
export function byShape<T>(make: (shape: ListShape) => T): (shape: ListShape) => T {
  const made = new Map<string, T>();
  return (shape) => {
    const name = JSON.stringify([shape.by, shape.order, shape.bounds, shape.isNarrow]);
    const known = made.get(name);
    if (known !== undefined) return known;
    const one = make(shape);
    made.set(name, one);
    return one;
  };
}

/** Those that are not in the bin and within the bounds, in order; the arguments are `listArguments`. */
export function sorted(db: Database, shape: ListShape) {
  const rows = shape.isNarrow ? narrowed(db, shape) : alive(db);
  const within = shape.bounds.reduce((query, name) => query.where(isWithin(db, shape, name)), rows.selectAll("records"));
  return within.orderBy(inOrder(shape)).limit(arg<number>("limit"));
}

/** By what the shape says, ties by id. */
export function inOrder({ by, order }: RecordSort) {
  const way = sql.raw(order);
  return by === "id" ? sql`records.id ${way}` : sql`${sql.ref(`records.${sortColumns[by]}`)} ${way}, records.id ${way}`;
}

/** Those of a listing that its shape has a use for. */
export function listArguments({ org, module, limit, modifiedFrom, createdFrom, createdUntil }: Listing): Arguments {
  return { org, module, limit, modifiedFrom: modifiedFrom ?? null, createdFrom: createdFrom ?? null, createdUntil: createdUntil ?? null };
}

const sortColumns = { id: "id", Created_Time: "created_at", Modified_Time: "modified_at" } as const satisfies Record<
  RecordSort["by"],
  keyof Tables["records"]
>;

const bounded = {
  modifiedFrom: { column: "modified_at", sign: ">=" },
  createdFrom: { column: "created_at", sign: ">=" },
  createdUntil: { column: "created_at", sign: "<=" },
} as const satisfies Record<keyof RecordBounds, { column: keyof Tables["records"]; sign: string }>;

function alive(db: Database) {
  return db.builder
    .selectFrom("records")
    .where("records.org", "=", arg<number>("org"))
    .where("records.module", "=", arg<string>("module"))
    .where("records.deleted_at", "is", null);
}

/** A bound leads to an index only where that is the one which gives the order. */
export function isWithin({ dialect }: Database, { by }: { readonly by: RecordSort["by"] | null }, name: keyof RecordBounds) {
  const { column, sign } = bounded[name];
  const held = by !== null && column === sortColumns[by] ? sql.ref(`records.${column}`) : dialect.unindexed(`records.${column}`);
  return sql<boolean>`${held} ${sql.raw(sign)} ${arg(name)}`;
}

/** The column whose bound may narrow the list; null: what it is sorted by is all that is bounded. */
function narrowingColumn({ by, bounds }: Pick<ListShape, "by" | "bounds">): "modified_at" | "created_at" | null {
  const columns = bounds.map((name) => bounded[name].column).filter((column) => column !== sortColumns[by]);
  return columns.find((column) => column === "modified_at") ?? columns[0] ?? null;
}

/** The newest within the bounds of that column, as many as are sorted at most. */
function newestWithin(db: Database, { bounds }: Pick<ListShape, "bounds">, column: "modified_at" | "created_at") {
  return bounds
    .filter((name) => bounded[name].column === column)
    .reduce((query, name) => query.where(`records.${column}`, bounded[name].sign, arg<number>(name)), alive(db))
    .orderBy(`records.${column}`, "desc")
    .limit(sql.lit(limits.recordsSortedMax + 1));
}

function narrowed(db: Database, shape: ListShape) {
  const column = narrowingColumn(shape);
  if (column === null) throw new Error("invariant broken: the list has no bound to be narrowed by");
  return db.builder.selectFrom(newestWithin(db, shape, column).selectAll("records").as("records"));
}

/** Whether so few records are within a bound that they are better found by it. */
function narrowness(db: Database): (listing: Listing) => Promise<boolean> {
  const count = byShape((shape) => {
    const column = narrowingColumn(shape);
    if (column === null) return null;
    const within = newestWithin(db, shape, column).select("records.id").as("within");
    return db.first(db.builder.selectFrom(within).select((row) => row.fn.countAll<number>().as("count")));
  });
  return async (listing) => {
    const counted: Awaitable<{ count: number } | null> = count(shapeOf(listing))?.(listArguments(listing)) ?? null;
    const found = await counted;
    return found !== null && found.count <= limits.recordsSortedMax;
  };
}

/** By id, the key answers it. */
function isBehind({ by, order }: ListShape) {
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
