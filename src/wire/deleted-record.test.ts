import assert from "node:assert/strict";
import { test } from "node:test";
import { renderDeleted } from "./deleted-record.ts";

const ada = { id: "5", name: "Ada Owner" };
const inBin = {
  id: "7",
  type: "recycle",
  name: "Big one",
  deletedBy: ada,
  createdBy: ada,
  deletedAt: Date.parse("2026-01-15T09:30:00.700Z"),
  timeZone: "Asia/Kolkata",
} as const;

test("a record in the bin is told with its name and who made and deleted it", () => {
  assert.equal(
    JSON.stringify(renderDeleted(inBin)),
    '{"deleted_by":{"name":"Ada Owner","id":"5"},"id":"7","display_name":"Big one","type":"recycle","created_by":{"name":"Ada Owner","id":"5"},"deleted_time":"2026-01-15T15:00:00+05:30"}',
  );
});

test("a record that the bin has let go is told without name and users", () => {
  assert.deepEqual(renderDeleted({ ...inBin, type: "permanent", name: null, deletedBy: null, createdBy: null }), {
    deleted_by: null,
    id: "7",
    display_name: null,
    type: "permanent",
    created_by: null,
    deleted_time: "2026-01-15T15:00:00+05:30",
  });
});
