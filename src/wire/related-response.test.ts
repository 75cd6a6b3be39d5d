import assert from "node:assert/strict";
import { test } from "node:test";
import { linkAnswer, renderLinked } from "./related-response.ts";
import { versions } from "./versions.ts";

const good = { ok: true, value: { id: "8" } } as const;
const bad = { ok: false, error: { code: "related_unknown", id: "9" } } as const;

test("linking and unlinking are told in their own words", () => {
  const messages = (["update", "delete"] as const).map((operation) =>
    JSON.stringify(linkAnswer([good], { operation, version: versions.v6 })),
  );
  assert.deepEqual(messages, [
    '{"status":200,"body":{"data":[{"code":"SUCCESS","details":{"id":"8"},"message":"relation added","status":"success"}]}}',
    '{"status":200,"body":{"data":[{"code":"SUCCESS","details":{"id":"8"},"message":"relation removed","status":"success"}]}}',
  ]);
});

test("failures have the statuses of the version", () => {
  const statusOf = (results: readonly (typeof good | typeof bad)[], version: "v2" | "v6") =>
    linkAnswer(results, { operation: "update", version: versions[version] }).status;
  assert.deepEqual(
    [statusOf([bad], "v2"), statusOf([good, bad], "v2"), statusOf([bad], "v6"), statusOf([good, bad], "v6")],
    [202, 202, 400, 207],
  );
});

test("a linked row has what its link says, null where it says nothing", () => {
  assert.deepEqual(renderLinked({ id: "8" }, { Member_Status: "Active" }, ["Member_Status", "list_price"]), {
    id: "8",
    Member_Status: "Active",
    list_price: null,
  });
});
