import assert from "node:assert/strict";
import { test } from "node:test";
import { writtenDetails } from "./written-record.ts";

test("a written record is told by its times, its users and its id, in the documented order", () => {
  const ada = { id: "5", name: "Ada Owner" };
  const bob = { id: "6", name: "Bob Other" };
  const at = Date.parse("2026-01-15T09:30:00.700Z");
  assert.equal(
    JSON.stringify(writtenDetails({ id: "7", createdAt: at, createdBy: ada, modifiedAt: at + 1_000, modifiedBy: bob }, "Asia/Kolkata")),
    '{"Modified_Time":"2026-01-15T15:00:01+05:30","Modified_By":{"name":"Bob Other","id":"6"},"Created_Time":"2026-01-15T15:00:00+05:30","id":"7","Created_By":{"name":"Ada Owner","id":"5"}}',
  );
});
