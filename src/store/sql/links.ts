import { sql } from "kysely";
import type { Values } from "../../core/record.ts";
import type { LinkRow, LinkRows } from "../ports/links.ts";
import { type Database, arg, compilable, rowOf } from "./database.ts";
import { type ListShape, byShape, inOrder, isWithin, listArguments, shapeOf } from "./record-lists.ts";
import { readRecord } from "./record-row.ts";
import type { Tables } from "./tables.ts";

/** Links, each as two rows: one from either end. */
export function sqlLinks(db: Database): LinkRows {
  const q = db.builder;
  const put = db.run(
    q
      .insertInto("links")
      .values(rowOf<"links">(["org", "record_id", "related_module", "related_id", "data"]))
      .onConflict((conflict) =>
        conflict.columns(["org", "record_id", "related_module", "related_id"]).doUpdateSet({ data: arg<string>("data") }),
      ),
  );
  const get = db.first(
    q
      .selectFrom("links")
      .select("data")
      .where("org", "=", arg<number>("org"))
      .where("record_id", "=", arg<string>("record_id"))
      .where("related_module", "=", arg<string>("related_module"))
      .where("related_id", "=", arg<string>("related_id")),
  );
  const remove = db.run(
    q
      .deleteFrom("links")
      .where("org", "=", arg<number>("org"))
      .where("record_id", "=", arg<string>("record_id"))
      .where("related_module", "=", arg<string>("related_module"))
      .where("related_id", "=", arg<string>("related_id")),
  );
  const list = byShape((shape) => db.all(linked(db, shape)));
  return {
    put: async (org, { ends, values }) => {
      const data = JSON.stringify(values);
      for (const [from, to] of bothWays(ends)) await put({ org, record_id: from.id, related_module: to.module, related_id: to.id, data });
    },
    valuesOf: async (org, [from, to]) => {
      const row = await get({ org, record_id: from.id, related_module: to.module, related_id: to.id });
      return row === null ? null : (JSON.parse(row.data) as Values);
    },
    remove: async (org, ends) => {
      let removed = 0;
      for (const [from, to] of bothWays(ends)) {
        removed += await remove({ org, record_id: from.id, related_module: to.module, related_id: to.id });
      }
      return removed > 0;
    },
    list: async ({ offset, of, ...listing }) => {
      const rows = await list(shapeOf(listing))({ ...listArguments(listing), offset, of });
      return rows.map(({ linkData, ...row }) => ({ record: readRecord(row), values: JSON.parse(linkData) as Values }));
    },
  };
}

/** Along the links of one record, which are few: not along an index of all records of the module, whatever order it would give. */
function linked(db: Database, shape: ListShape) {
  const within = shape.bounds.map((name) => sql` and ${isWithin(db, { by: null }, name)}`);
  return compilable<Tables["records"] & { readonly linkData: string }>(
    db,
    sql`select records.*, links.data as "linkData" from links cross join records
      where links.org = ${arg("org")} and links.record_id = ${arg("of")} and links.related_module = ${arg("module")}
        and records.org = links.org and records.module = links.related_module and records.id = links.related_id
        and records.deleted_at is null ${sql.join(within, sql``)}
      order by ${inOrder(shape)} limit ${arg("limit")} offset ${arg("offset")}`,
  );
}

function bothWays([one, other]: LinkRow["ends"]): readonly LinkRow["ends"][] {
  return [
    [one, other],
    [other, one],
  ];
}
