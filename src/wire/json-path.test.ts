import assert from "node:assert/strict";
import { test } from "node:test";
import { lastKey, writePath } from "./json-path.ts";

test("keys follow a dot and indexes stand in brackets", () => {
  assert.equal(writePath(["watch", 0, "token"]), "$.watch[0].token");
  assert.equal(
    writePath(["watch", 1, "notification_condition", 0, "module", "api_name"]),
    "$.watch[1].notification_condition[0].module.api_name",
  );
  assert.equal(writePath([]), "$");
});

test("the api_name is the last key, whatever index follows it", () => {
  assert.equal(lastKey(["watch", 0, "token"]), "token");
  assert.equal(lastKey(["watch", 0, "events", 2]), "events");
  assert.equal(lastKey([0]), "");
});
