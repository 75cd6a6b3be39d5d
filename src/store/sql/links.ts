import type { Values } from "../../core/record.ts";
import type { LinkRow, LinkRows } from "../ports/links.ts";
import { type Database, arg, rowOf } from "./database.ts";
import { boundArguments, bySort, sorted } from "./record-lists.ts";
import { readRecord } from "./record-row.ts";

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
  const list = bySort((by, order) =>
    db.all(
      sorted(db, by, order)
        .innerJoin("links", (join) =>
          join
            .onRef("links.org", "=", "records.org")
            .onRef("links.related_module", "=", "records.module")
            .onRef("links.related_id", "=", "records.id"),
        )
        .select("links.data as linkData")
        .where("links.record_id", "=", arg<string>("of"))
        .offset(arg<number>("offset")),
    ),
  );
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
    list: async ({ org, module, sort, offset, limit, of, ...bounds }) => {
      const rows = await list[sort.by][sort.order]({ org, module, offset, limit, of, ...boundArguments(bounds) });
      return rows.map(({ linkData, ...row }) => ({ record: readRecord(row), values: JSON.parse(linkData) as Values }));
    },
  };
}

function bothWays([one, other]: LinkRow["ends"]): readonly LinkRow["ends"][] {
  return [
    [one, other],
    [other, one],
  ];
}
