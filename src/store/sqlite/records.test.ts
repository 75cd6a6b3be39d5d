import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordSort } from "../ports/records.ts";
import { shapeOf, sorted } from "../sql/record-lists.ts";
import { openDatabase } from "./database.ts";
import { migrated } from "./open.ts";

const listing = { org: 1, module: "Leads", limit: 200 };

test("a list in each order that there is goes along an index which gives it, and sorts nothing", async () => {
  const db = await migrated(openDatabase(":memory:"));
  const indexes = { id: "PRIMARY KEY", Created_Time: "INDEX records_created", Modified_Time: "INDEX records_modified" };
  for (const [by, index] of Object.entries(indexes)) {
    for (const bounds of [{}, { modifiedFrom: 1 }, { createdFrom: 1, createdUntil: 2 }]) {
      const shape = shapeOf({ ...listing, ...bounds, sort: { by: by as RecordSort["by"], order: "desc" } });
      const plan = db.connection.prepare(`explain query plan ${sorted(db, shape).compile().sql}`).all();
      assert.equal(plan.length, 1);
      assert.match(String(plan[0]?.["detail"]), new RegExp(`^SEARCH records USING ${index} `));
    }
  }
  db.connection.close();
});
