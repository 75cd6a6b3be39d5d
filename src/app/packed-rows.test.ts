import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ReaderOf, packRows, unpackRows } from "./packed-rows.ts";

type Row = { readonly id: number; readonly token: string; readonly more: { readonly text: string } | null };

const row = fc.record({ id: fc.nat(), token: fc.constantFrom("a", "b"), more: fc.option(fc.record({ text: fc.string() }), { nil: null }) });

function reader(of: ReaderOf<Row>): (index: number) => Row {
  const [id, token, more] = [of("id"), of("token"), of("more")];
  return (index) => ({ id: id(index), token: token(index), more: more(index) });
}

test("rows that were packed and cloned come out as they went in", () => {
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const plain = rows.map((each) => structuredClone(each));
      assert.deepEqual(unpackRows<Row>(structuredClone(packRows(rows)), reader), plain);
    }),
  );
});

test("a value that all rows share crosses once", () => {
  const packed = packRows([1, 2, 3].map((id) => ({ id, url: "http://127.0.0.1:9/" })));
  assert.equal(JSON.stringify(packed).split("127.0.0.1").length, 2);
});
