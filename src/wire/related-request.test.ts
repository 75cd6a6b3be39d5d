import assert from "node:assert/strict";
import { test } from "node:test";
import { limits } from "../core/limits.ts";
import { readLinkItem } from "./related-request.ts";

const context = { index: 1, idInPath: null, keys: ["Member_Status"] };

test("an item names a record, and what the link says of itself; other keys are passed over", () => {
  assert.deepEqual(readLinkItem({ id: "7", Member_Status: "Active", list_price: 1 }, context), {
    ok: true,
    value: { id: "7", values: { Member_Status: "Active" } },
  });
  assert.deepEqual(readLinkItem({ id: 7, Member_Status: null }, context), {
    ok: true,
    value: { id: "7", values: { Member_Status: null } },
  });
});

test("the id in the path wins over the item's own", () => {
  assert.deepEqual(readLinkItem({ id: "7" }, { ...context, idInPath: "8" }), { ok: true, value: { id: "8", values: {} } });
});

const refused: readonly (readonly [item: unknown, over: Partial<typeof context> | { idInPath: string }, error: unknown])[] = [
  ["7", {}, { code: "value_invalid", path: ["data", 1], expectedType: "jsonobject" }],
  [{}, {}, { code: "mandatory_missing", path: ["data", 1, "id"] }],
  [{ id: null }, {}, { code: "mandatory_missing", path: ["data", 1, "id"] }],
  [{ id: "x" }, {}, { code: "value_invalid", path: ["data", 1, "id"], expectedType: "bigint" }],
  [{}, { idInPath: "x" }, { code: "id_malformed_in_path", pathIndex: 3 }],
  [{ id: "7", Member_Status: {} }, {}, { code: "value_invalid", path: ["data", 1, "Member_Status"], expectedType: "string" }],
  [
    { id: "7", Member_Status: "x".repeat(limits.linkTextCharsMax + 1) },
    {},
    { code: "value_invalid", path: ["data", 1, "Member_Status"], maximumLength: limits.linkTextCharsMax },
  ],
];

for (const [item, over, error] of refused) {
  test(`${JSON.stringify(item).slice(0, 40)} ${JSON.stringify(over)} is refused`, () => {
    assert.deepEqual(readLinkItem(item, { ...context, ...over }), { ok: false, error });
  });
}
