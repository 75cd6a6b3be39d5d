import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packRows, unpackRows } from "./packed-rows.ts";

const attempt = fc.record({ startedAt: fc.nat(3), error: fc.option(fc.string(), { nil: null }) });
const row = fc.record({ id: fc.nat(), token: fc.constantFrom("a", "b"), attempt: fc.option(attempt, { nil: null }), always: attempt });

test("rows that were packed and cloned come out as they went in", () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const plain = rows.map((each) => structuredClone(each));
      assert.deepEqual(unpackRows(structuredClone(packRows(rows))), plain);
    }),
  );
});

test("a value that all rows share crosses once", () => {
  const packed = packRows([1, 2, 3].map((id) => ({ id, url: "http://127.0.0.1:9/" })));
  assert.equal(JSON.stringify(packed).split("127.0.0.1").length, 2);
});
