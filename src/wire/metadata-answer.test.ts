import assert from "node:assert/strict";
import { test } from "node:test";
import type { Refusal } from "../core/refusal.ts";
import { ok, refuse } from "../core/result.ts";
import { metadataAnswer } from "./metadata-answer.ts";
import { versions } from "./versions.ts";

const good = ok({ id: "7" });
const bad = refuse<Refusal>({ code: "value_invalid", path: ["fields", 1, "data_type"] });
const badItem = {
  code: "INVALID_DATA",
  details: { api_name: "data_type", json_path: "$.fields[1].data_type" },
  message: "invalid data",
  status: "error",
};

function goodItem(message: string) {
  return { code: "SUCCESS", details: { id: "7" }, message, status: "success" };
}

test("what was made is told with its id and 201, what was changed or deleted with 200 (O26)", () => {
  const answer = (key: "fields" | "modules", operation: "insert" | "update" | "delete") =>
    metadataAnswer([good], { key, operation, version: versions.v8 });
  assert.deepEqual(answer("fields", "insert"), { status: 201, body: { fields: [goodItem("field created")] } });
  assert.deepEqual(answer("fields", "update"), { status: 200, body: { fields: [goodItem("field updated")] } });
  assert.deepEqual(answer("fields", "delete"), { status: 200, body: { fields: [goodItem("field deleted")] } });
  assert.deepEqual(answer("modules", "insert"), { status: 201, body: { modules: [goodItem("module created successfully")] } });
  assert.deepEqual(answer("modules", "update"), { status: 200, body: { modules: [goodItem("module updated successfully")] } });
  assert.deepEqual(answer("modules", "delete"), { status: 200, body: { modules: [goodItem("module deleted successfully")] } });
});

test("a mixed answer is 207 in the order of the items, one of failures alone 400 (O26)", () => {
  const context = { key: "fields", operation: "insert", version: versions.v8 } as const;
  assert.deepEqual(metadataAnswer([good, bad], context), { status: 207, body: { fields: [goodItem("field created"), badItem] } });
  assert.deepEqual(metadataAnswer([bad], context), { status: 400, body: { fields: [badItem] } });
});
